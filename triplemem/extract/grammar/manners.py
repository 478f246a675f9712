"""Words that stand for an object and say how, when or how much: "works at speed", "plays fair", "owns half"."""

from __future__ import annotations

MANNERS = frozenset(
    """late early well healthy healthily fast slowly alone together less more hard long nights days abroad harder
    longer better faster best""".split()
)
PLAYING = MANNERS | frozenset(
    """nice dumb fair dirty safe rough cool dead possum ball catch-up hooky truant favourites favorites innocent god
    host tough ignorant loose nicely matchmaker field fool victim""".split()
)
"""What "plays" says of how somebody is, rather than what of."""
IN_SOME_WAY = frozenset(
    """speed pace height heights scale depth sea hours days weeks months years ages peanuts pennies tips cash exposure
    capacity volume ease length random best hand pleasure nothing love charity minimum commission credit change
    everyone someone anyone everybody somebody anybody themselves long ever good lunchtime full rate
    rates altitude""".split()
)
"""What "works at" and "works for" say of how or for what, rather than where."""
AT_TIMES = frozenset(
    """mondays tuesdays wednesdays thursdays fridays saturdays sundays weekdays mornings afternoons evenings nights
    holidays monday tuesday wednesday thursday friday saturday sunday demand foot shift shifts commission
    schedule average purpose""".split()
)
"""What "works on" says of when or how, rather than what at."""
ON_THE_JOB = frozenset("autopilot call site".split())
"""As those above, unless it is a name: "works on Autopilot"."""
AS_EVER = frozenset(
    """usual normal fast hard quickly soon before always ever long much follows one well slow little late early often
    far close best""".split()
)
"""With the participles, what "works as" says of the way, rather than of a role: "as usual", "as needed"."""
PACES = frozenset("speed pace height heights altitude rate rates tempo".split())
SHARES = frozenset("half quarter third quarters thirds share most lots tons loads bits none heaps shares piece".split())
NO_CARS = frozenset("kids taxi bargain wedge".split())
TOGETHER = frozenset("team pair couple duo unit one family whole".split())
