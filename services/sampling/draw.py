"""Drawing a laboratory by lot, so that anybody can draw it again.

The lot follows from the request's place on the bus and the microsecond at which the bus stored it, which nobody who
asks can choose; with the seed and the candidates that the event tells, the draw can be repeated by hand: SHA-256 of
the seed, as a number, modulo how many candidates there are, in the order of their names.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime


def seed_of(key: str, sequence: int, received: datetime) -> str:
    """What the lot is drawn with, from a request's key, its place in the stream and its arrival."""
    return f"{key} {sequence} {received.isoformat(timespec='microseconds')}"


def drawn(candidates: Iterable[str], seed: str) -> str:
    """The candidate that the lot falls on; raises ``ValueError`` where there is none."""
    ordered = sorted(candidates)
    if not ordered:
        message = "nobody can be drawn among no candidates"
        raise ValueError(message)
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest())
    return ordered[number % len(ordered)]
