"""How fast the exchange is, measured honestly: against what the bus can do at most, and against the naive way."""
