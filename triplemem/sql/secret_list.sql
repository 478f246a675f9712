SELECT secret FROM secret WHERE ns = :ns
