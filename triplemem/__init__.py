"""triplemem: what is true now, what was true then, and what we believed then."""
