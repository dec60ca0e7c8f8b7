"""An alert that stands: the failed samples that it stands on, and the level that follows from them.

A sample may have failed by several reports: it counts once, with the gravest of them. Samples may join and leave in any
order: the level follows from those that stand.
"""

from dataclasses import dataclass, field

from services.alerts.risk import combine
from shared.contracts import Level

Identity = tuple[str, str]
"""Laboratory and report number."""

_GRAVEST_FIRST = tuple(Level)


@dataclass(slots=True)
class StandingAlert:
    """An alert of one producer and substance; void once nothing stands any more."""

    alert_no: str
    substance: str
    producer: str | None
    _reports: dict[Identity, tuple[str, Level]] = field(default_factory=dict)
    """Sample number and its level by itself, of each report that stands."""

    def join(self, report: Identity, sample_no: str, level: Level) -> None:
        """A failed sample joins by this report."""
        self._reports[report] = sample_no, level

    def leave(self, report: Identity) -> None:
        """The failure that this report told of no longer counts."""
        del self._reports[report]

    def stands_on(self, report: Identity) -> bool:
        """Whether the report is one of those that the alert stands on."""
        return report in self._reports

    @property
    def samples(self) -> int:
        """How many failed samples it stands on."""
        return len(self._by_sample())

    @property
    def level(self) -> Level:
        """The level of all its samples together, of which there is at least one."""
        return combine(self._by_sample().values())

    def _by_sample(self) -> dict[tuple[str, str], Level]:
        gravest: dict[tuple[str, str], Level] = {}
        for (laboratory, _), (sample_no, level) in self._reports.items():
            known = gravest.get((laboratory, sample_no), level)
            gravest[laboratory, sample_no] = min(known, level, key=_GRAVEST_FIRST.index)
        return gravest
