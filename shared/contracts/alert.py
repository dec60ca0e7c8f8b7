"""The alert on a failed sample: raised, or joined to the one that stands for the same producer and substance."""

from enum import StrEnum
from typing import ClassVar, Literal

from shared.contracts.event import Event, Reason


class Level(StrEnum):
    """Warning colour of 突发事件应对法 (2024) Art 63: red is the gravest."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


class AlertTold(Event):
    """What every telling of an alert says."""

    alert_no: str
    sample_no: str
    level: Level
    reasons: tuple[Reason, ...]
    producer: str | None
    substance: str
    product: str
    samples: int
    """How many failed samples the alert stands on now."""
    scope: Literal["restricted"] = "restricted"
    """A county may not warn the public on its own (食品安全法 Art 118)."""

    @property
    def about(self) -> str:
        return self.alert_no

    @property
    def trace(self) -> str:
        return self.sample_no


class AlertRaised(AlertTold):
    """A failed sample raised an alert of its own."""

    TYPE: ClassVar = "food.alert.raised.v1"

    def sentence(self) -> str:
        return f"Alert {self.alert_no} raised, {self.level.value}: {self.substance} in {self.product}."


class AlertUpdated(AlertTold):
    """A standing alert changed: a failed sample of the same producer and substance joined it, or one was overturned."""

    TYPE: ClassVar = "food.alert.updated.v1"

    def sentence(self) -> str:
        return f"Alert {self.alert_no} updated, {self.level.value}: {self.substance} in {self.samples} samples."


class AlertCancelled(AlertTold):
    """The last failed sample of an alert was overturned: the alert is void."""

    TYPE: ClassVar = "food.alert.cancelled.v1"

    def sentence(self) -> str:
        return f"Alert {self.alert_no} cancelled: {self.reasons[0].text}"
