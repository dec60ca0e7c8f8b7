"""What the record says of each sample, read from the streams as an operator reads them."""

from collections import Counter
from dataclasses import dataclass, field

from nats.aio.client import Client

from shared.contracts import (
    AlertRaised,
    AlertUpdated,
    CaseJoined,
    CaseOpened,
    CaseReferred,
    Event,
    InsurerNotified,
    NoticeNotDue,
    ReferralDeclined,
    ResultRejected,
    SampleFailed,
    SampleJudged,
    SamplePassed,
    SampleUnclear,
)
from shared.envelope import open_envelope
from shared.permissions import OPERATOR
from shared.record import read_record

STREAMS = ("FOOD", "CASES", "NOTICES", "RECEIPTS")


@dataclass(slots=True)
class Path:
    """Everything that was told of one sample."""

    outcomes: list[SampleJudged] = field(default_factory=list)
    alerts: list[AlertRaised | AlertUpdated] = field(default_factory=list)
    cases: list[CaseOpened | CaseJoined] = field(default_factory=list)
    referrals: list[CaseReferred | ReferralDeclined] = field(default_factory=list)
    notices: list[InsurerNotified | NoticeNotDue] = field(default_factory=list)
    rejections: list[ResultRejected] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether the sample failed."""
        return any(isinstance(outcome, SampleFailed) for outcome in self.outcomes)

    def _standing_notices(self) -> int:
        """Notices, or decisions that none is due; a policy told of later turns one of these into one of those."""
        notified = sum(isinstance(notice, InsurerNotified) for notice in self.notices)
        return notified or len(self.notices)

    def faults(self) -> list[str]:
        """What is missing or double on the path; empty when it is whole."""
        counts = {"outcome": len(self.outcomes) + len(self.rejections)}
        if self.failed:
            counts |= {
                "alert decision": len(self.alerts),
                "case decision": len(self.cases),
                "referral decision": len(self.referrals),
                "notice decision": self._standing_notices(),
            }
        return [f"{count} {name}s instead of one" for name, count in counts.items() if count != 1]


@dataclass(slots=True)
class Record:
    """The paths of all samples, and the dead letters."""

    paths: dict[str, Path] = field(default_factory=dict)
    dead: int = 0

    def line(self, new: int) -> str:
        """The demonstration's last line; samples are counted, alerts are counted distinct."""
        paths = self.paths.values()
        outcomes = Counter(type(outcome) for path in paths for outcome in path.outcomes)
        alerts = {alert.alert_no for path in paths for alert in path.alerts}
        referrals = sum(isinstance(one, CaseReferred) for path in paths for one in path.referrals)
        notices = sum(isinstance(one, InsurerNotified) for path in paths for one in path.notices)
        received = sum(len(path.outcomes) + len(path.rejections) for path in paths)
        return (
            f"demo: received={received} passed={outcomes[SamplePassed]} failed={outcomes[SampleFailed]} "
            f"unclear={outcomes[SampleUnclear]} alerts={len(alerts)} referrals={referrals} notices={notices} "
            f"dead={self.dead} new={new}"
        )


async def read(client: Client) -> Record:
    """Read the whole record as the operator."""
    record = Record()
    for stream in STREAMS:
        async for message in read_record(client, stream, name=OPERATOR):
            _, envelope = open_envelope(message.subject, message.data)
            _add(record, envelope.data)
    record.dead = (await client.jetstream().stream_info("DEAD")).state.messages
    return record


def _add(record: Record, event: Event) -> None:
    places: dict[type[Event], str] = {
        SamplePassed: "outcomes",
        SampleFailed: "outcomes",
        SampleUnclear: "outcomes",
        AlertRaised: "alerts",
        AlertUpdated: "alerts",
        CaseOpened: "cases",
        CaseJoined: "cases",
        CaseReferred: "referrals",
        ReferralDeclined: "referrals",
        InsurerNotified: "notices",
        NoticeNotDue: "notices",
        ResultRejected: "rejections",
    }
    if place := places.get(type(event)):
        getattr(record.paths.setdefault(event.trace, Path()), place).append(event)
