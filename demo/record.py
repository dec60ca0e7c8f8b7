"""What the record says of each sample, read from the streams as an operator reads them."""

from collections import Counter
from dataclasses import dataclass, field

from nats.aio.client import Client

from shared.contracts import (
    AlertCancelled,
    AlertRaised,
    AlertUpdated,
    CaseJoined,
    CaseOpened,
    CaseReferred,
    CaseWithdrawn,
    Event,
    InsurerNotified,
    NoticeNotDue,
    NoticeRetracted,
    PlanProgressed,
    ReferralDeclined,
    ReferralWithdrawn,
    ResultRejected,
    SampleFailed,
    SampleJudged,
    SampleLeftCase,
    SampleOverturned,
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
    overturned: list[SampleOverturned] = field(default_factory=list)
    cancelled: list[AlertCancelled] = field(default_factory=list)
    left: list[SampleLeftCase | CaseWithdrawn] = field(default_factory=list)
    withdrawn: list[ReferralWithdrawn] = field(default_factory=list)
    retracted: list[NoticeRetracted] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether the sample failed, even if that was overturned."""
        return self._failures > 0

    @property
    def _failures(self) -> int:
        return sum(isinstance(outcome, SampleFailed) for outcome in self.outcomes)

    @property
    def _standing(self) -> int:
        return self._failures - len(self.overturned)

    @property
    def _notified(self) -> int:
        return sum(isinstance(notice, InsurerNotified) for notice in self.notices)

    def faults(self) -> list[str]:
        """What is missing or double on the path; empty when it is whole."""
        first = [outcome for outcome in self.outcomes if not outcome.supersedes and outcome.settled_by is None]
        count = len(first) + len(self.rejections)
        faults = [f"{count} outcomes instead of one"] if count != 1 else []
        if self.failed:
            faults += [
                f"{count} {what} instead of {' or '.join(map(str, right))}"
                for what, (count, right) in self._counts().items()
                if count not in right
            ]
        return faults

    def _counts(self) -> dict[str, tuple[int, range]]:
        """How much was told of each kind, and how much is right.

        Each failure has one decision, or none where it was overturned before it was heard of; what rests on one that is
        overturned is taken back once.
        """
        standing, once = self._standing, range(self._standing, self._failures + 1)
        referred = sum(isinstance(referral, CaseReferred) for referral in self.referrals)
        return {
            # an alert is told once more when a sample leaves it
            "alerts told": (
                len(self.alerts) + len(self.cancelled),
                range(standing, self._failures + len(self.overturned) + 1, 2),
            ),
            "case decisions": (len(self.cases), once),
            "referral decisions": (len(self.referrals), once),
            # a policy that is told of later turns a decision that no notice is due into a notice
            "notice decisions": (self._notified or len(self.notices), once),
            "standing cases": (len(self.cases) - len(self.left), range(standing, standing + 1)),
            "standing referrals": (referred - len(self.withdrawn), range(standing + 1)),
            "standing notices": (self._notified - len(self.retracted), range(standing + 1)),
        }


@dataclass(slots=True)
class Record:
    """The paths of all samples, and the dead letters."""

    paths: dict[str, Path] = field(default_factory=dict)
    dead: int = 0
    progress: PlanProgressed | None = None
    """The last word on the plan."""

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
    if isinstance(event, PlanProgressed):
        record.progress = event
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
        SampleOverturned: "overturned",
        AlertCancelled: "cancelled",
        SampleLeftCase: "left",
        CaseWithdrawn: "left",
        ReferralWithdrawn: "withdrawn",
        NoticeRetracted: "retracted",
    }
    if place := places.get(type(event)):
        getattr(record.paths.setdefault(event.trace, Path()), place).append(event)
