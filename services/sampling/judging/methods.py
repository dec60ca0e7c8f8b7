"""What a test method can prove: a failure needs a confirmatory one.

A rapid or screening test says where to look (SSD2 ``anMethType``). Where the report does not say what kind its method
is, the reviewed wordings of ``data/methods.csv`` decide: one of them in the method's name makes it a screening method.
"""

import re
from functools import cache, lru_cache

from services.sampling import reviewed
from services.sampling.judging.figures import fold
from services.sampling.judging.outcome import Outcome, unclear
from shared.contracts.result import Determination
from shared.contracts.sample import JudgementReason, Verdict


@cache
def _wordings() -> re.Pattern[str]:
    words = (re.escape(_spelt(row["wording"])).replace(r"\ ", r"\s?") for row in reviewed.rows("methods.csv"))
    return re.compile("|".join(rf"(?<![a-z0-9]){word}(?![0-9.]*[a-z])" for word in words))


def _spelt(text: str) -> str:
    return " ".join(fold(text).split()).lower()


@lru_cache(maxsize=2048)
def is_screening(method: str) -> bool:
    """Whether a method's name says that it only screens."""
    return bool(method) and _wordings().search(_spelt(method)) is not None


def confirmed(outcome: Outcome, printed: Determination) -> Outcome:
    """The outcome, or unclear where a failure rests on a method that only screens."""
    if outcome.verdict is not Verdict.FAIL or printed.kind == "confirmatory":
        return outcome
    if printed.kind != "screening" and not is_screening(printed.method):
        return outcome
    method = f"a screening method ({printed.method})" if printed.method else "a screening method"
    text = f"{outcome.explanation}, by {method}: a failure needs a confirmatory method"
    return unclear(JudgementReason.NOT_CONFIRMED, text)
