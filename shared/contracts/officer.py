"""What an officer says of one failed sample, and what ends there: a result is settled, a disposal closed."""

from typing import ClassVar, Literal

from shared.contracts.event import Instant, PartnerEvent, Reference, Stated

Addressee = Literal["operator", "producer"]
"""The sampled unit (被抽样单位), or the nominal producer (标称生产企业)."""


class OfficerEvent(PartnerEvent):
    """What an officer does about one failed sample."""

    sample_no: Reference

    @property
    def about(self) -> str:
        return self.sample_no


class ResultSettled(OfficerEvent):
    """An officer decides a result that the exchange could not, with the reason."""

    TYPE: ClassVar = "officer.result.settled.v1"

    laboratory: Reference
    report_no: Reference
    verdict: Literal["pass", "fail"]
    why: Stated

    def sentence(self) -> str:
        return f"Report {self.report_no} on sample {self.sample_no} is settled as {self.verdict}: {self.why}"


class DisposalClosed(OfficerEvent):
    """An officer finished the verification and disposal (核查处置) of a failed sample."""

    TYPE: ClassVar = "officer.disposal.closed.v1"

    closed_at: Instant
    why: Stated

    def sentence(self) -> str:
        return f"Disposal of the failed sample {self.sample_no} closed: {self.why}"
