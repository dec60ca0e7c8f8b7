"""The lists of operators who seriously broke the law: entries with reason, term and repair (信用修复)."""

from datetime import date
from typing import ClassVar, Literal

from shared.contracts.case_step import CaseStep, WrittenReason
from shared.contracts.event import Day, Event, PartnerEvent, Reference

ListName = Literal["serious_violation", "farm_produce"]
"""严重违法失信名单, or the blacklist of farm produce (农产品黑名单)."""
Standing = Literal["repaired", "expired", "annulled"]
"""How an entry ended: by repair, with its term, or because its case fell."""


class ListingDecided(CaseStep):
    """An officer entered the operator of a case, in which a penalty was decided, in a list."""

    TYPE: ClassVar = "officer.case.listing_decided.v1"

    operator: Reference
    name_of_list: ListName
    why: WrittenReason

    def sentence(self) -> str:
        return f"{self.operator} is entered in the list {self.name_of_list} by case {self.case_no}: {self.why}"


class RepairGranted(PartnerEvent):
    """An officer granted the repair of an entry: it ends before its term."""

    TYPE: ClassVar = "officer.listing.repaired.v1"

    entry_no: Reference
    granted_on: Day
    why: WrittenReason

    @property
    def about(self) -> str:
        return self.entry_no

    def sentence(self) -> str:
        return f"Entry {self.entry_no} is repaired: {self.why}"


class ListingTold(Event):
    """What every telling of an entry says."""

    entry_no: str
    operator: str
    name_of_list: ListName
    case_no: str

    @property
    def about(self) -> str:
        return self.entry_no

    @property
    def trace(self) -> str:
        return self.case_no


class OperatorListed(ListingTold):
    """An operator stands in a list, until a day."""

    TYPE: ClassVar = "food.operator.listed.v1"

    reason: str
    by: str
    listed_on: date
    until: date
    """Last day of the entry."""
    repair_from: date
    """First day on which a repair may be granted."""
    citation: str
    verified: bool

    def sentence(self) -> str:
        mark = "" if self.verified else ", unverified"
        return (
            f"{self.operator} stands in the list {self.name_of_list} until {self.until} "
            f"({self.citation}{mark}): {self.reason}"
        )


class OperatorRelisted(ListingTold):
    """An operator's entry no longer stands: it was repaired, its term is over, or its case fell."""

    TYPE: ClassVar = "food.operator.relisted.v1"

    standing: Standing
    ended_on: date
    by: str
    why: str

    def sentence(self) -> str:
        return f"{self.operator} no longer stands in the list {self.name_of_list} ({self.standing}): {self.why}"
