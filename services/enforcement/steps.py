"""Which steps a case can take, from which state, by whom and by which article: the table ``data/steps.csv``.

The administrative and the criminal side run beside each other: a step of the one leaves the state of the other as it
is. A state is that of the criminal side, from the report to the judgment; what the agency does meanwhile (evidence,
goods, penalties) changes no state. Nothing but a row of the table takes a case from one state to another, except that
a case falls (``withdrawn``) with its last failed sample.
"""

import functools
from dataclasses import dataclass
from enum import StrEnum

from services.enforcement import reviewed

_ACTORS = {
    "officer": "an officer of the agency",
    "head": "the head of the agency",
    "police": "the police",
    "procuratorate": "the procuratorate",
}


class State(StrEnum):
    """How far a case is."""

    OPEN = "open"
    """核查处置中; nothing was reported, or the report was taken back."""
    REPORTED = "reported"
    """One officer signed the report."""
    SIGNED = "signed"
    """A second officer signed it; the head of the agency decides."""
    APPROVED = "approved"
    """决定移送."""
    REFUSED = "refused"
    """决定不移送."""
    TRANSFERRED = "transferred"
    """已移送."""
    RECEIVED = "received"
    """公安机关已签收."""
    FILED = "filed"
    """已立案."""
    DECLINED = "declined"
    """不予立案."""
    RECONSIDERING = "reconsidering"
    """复议中."""
    UPHELD = "upheld"
    """复议维持不予立案."""
    SUPERVISING = "supervising"
    """已建议检察机关立案监督."""
    REASONS_DEMANDED = "reasons_demanded"
    """要求说明不立案理由."""
    REASONS_GIVEN = "reasons_given"
    """已说明不立案理由."""
    FILING_ORDERED = "filing_ordered"
    """通知立案."""
    NOT_FILED = "not_filed"
    """不立案理由成立."""
    RETURNED = "returned"
    """退回行政处罚."""
    PROSECUTED = "prosecuted"
    """已提起公诉."""
    JUDGED = "judged"
    """已判决."""
    CLOSED = "closed"
    """已结案."""
    WITHDRAWN = "withdrawn"
    """因不合格结论被推翻而撤销."""


WITH_THE_POLICE = frozenset((State.FILED, State.PROSECUTED, State.JUDGED))
"""The police have filed the case: what becomes of it is no longer the agency's to say."""
ENDED = frozenset((State.CLOSED, State.WITHDRAWN))
UNDECIDED = frozenset(
    (
        State.REPORTED,
        State.SIGNED,
        State.APPROVED,
        State.TRANSFERRED,
        State.RECEIVED,
        State.RECONSIDERING,
        State.SUPERVISING,
        State.REASONS_DEMANDED,
        State.REASONS_GIVEN,
        State.FILING_ORDERED,
        State.FILED,
        State.PROSECUTED,
    )
)
"""A transfer is proposed or under way: no fine may take its place (国务院令第310号 Art 11)."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A period that a step starts, or that is over when the step is taken."""

    kind: str
    since: tuple[str, ...] = ()
    """Counts from the last of these earlier steps; from ``this`` step, and from the ``notice`` of it, as named."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table."""

    name: str
    event: str
    """The type of the event that takes it."""
    sources: tuple[State, ...]
    target: State | None
    """None where the state stays."""
    starts: tuple[Clock, ...]
    measures: tuple[Clock, ...]
    """Periods that are over with this step: told as missed where it came too late."""
    stops: frozenset[str]
    citation: str
    verified: bool

    @property
    def actor(self) -> str:
        """Who may take it, in words."""
        return _ACTORS[self.event.partition(".")[0]]

    def after(self, state: State) -> State:
        """The state that it leaves a case in."""
        return self.target or state


@functools.cache
def steps() -> dict[str, Step]:
    """The steps by the type of the event that takes each.

    Raises:
        ValueError: A state of a row is none.
    """
    return {row["event"]: _step(row) for row in reviewed.rows("steps.csv")}


def _step(row: dict[str, str]) -> Step:
    return Step(
        name=row["step"],
        event=row["event"],
        sources=tuple(State(name) for name in row["from"].split()),
        target=State(row["to"]) if row["to"] else None,
        starts=_clocks(row["starts"]),
        measures=_clocks(row["measures"]),
        stops=frozenset(row["stops"].split()),
        citation=row["citation"],
        verified=row["verified"] == "yes",
    )


def _clocks(cell: str) -> tuple[Clock, ...]:
    named = (word.partition("@") for word in cell.split())
    return tuple(Clock(kind, tuple(since.split("|")) if since else ()) for kind, _, since in named)
