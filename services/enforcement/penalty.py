"""The penalties of a case, as they are kept with it."""

from collections.abc import Sequence

from pydantic import TypeAdapter

from shared.contracts import PenaltyDecided
from shared.contracts.event import Part


class KnownPenalty(Part):
    """A penalty that was decided since the case opened."""

    penalty_no: str
    operator: str
    kinds: tuple[str, ...]


_KEPT = TypeAdapter(tuple[KnownPenalty, ...])


def load(text: str) -> tuple[KnownPenalty, ...]:
    """From the text that is kept."""
    return _KEPT.validate_json(text)


def with_another(text: str, decided: PenaltyDecided) -> str:
    """The text to keep, with this one added."""
    another = KnownPenalty(penalty_no=decided.penalty_no, operator=decided.operator, kinds=decided.kinds)
    return _KEPT.dump_json((*load(text), another)).decode()


def kinds_of(penalties: Sequence[KnownPenalty]) -> tuple[str, ...]:
    """The kinds that were decided, each once."""
    return tuple(sorted({kind for one in penalties for kind in one.kinds}))
