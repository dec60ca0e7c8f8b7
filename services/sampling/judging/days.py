"""Days as tables and people write them: 2024-05-01, 2024/5/1, 2024年5月1日, or nothing where the day is unknown."""

import re
from datetime import date

from services.sampling.judging.figures import fold
from services.sampling.judging.notation import NOTHING

_DAY = re.compile(r"([12][0-9]{3})(?:[-/.年])([0-9]{1,2})(?:[-/.月])([0-9]{1,2})日?(?: 0{1,2}:00(?::00)?)?")


def read_day(text: str) -> date | None:
    """A day; none where the text is empty or struck out, ``ValueError`` where it is no day."""
    folded = fold(text)
    if folded in NOTHING:
        return None
    match = _DAY.fullmatch(folded)
    if match is None:
        return date.fromisoformat(folded)
    return date(int(match[1]), int(match[2]), int(match[3]))
