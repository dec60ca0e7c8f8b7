"""Typical cases (典型案例) that are published for others to learn from, without anybody's name or number."""

from typing import ClassVar

from shared.contracts.case_step import CaseStep, WrittenReason
from shared.contracts.event import Event


class BulletinIssued(CaseStep):
    """The head of the agency released an ended case as a typical one."""

    TYPE: ClassVar = "head.case.bulletin_issued.v1"

    lesson: WrittenReason
    """What is to be learnt from it."""

    def sentence(self) -> str:
        return f"Case {self.case_no} is released as a typical case: {self.lesson}"


class BulletinPublished(Event):
    """A typical case is published; it names no case, no operator, no laboratory and no person."""

    TYPE: ClassVar = "food.bulletin.published.v1"

    bulletin_no: str
    product: str
    substances: tuple[str, ...]
    offence: str
    """Article of the Criminal Law that the report named; empty where none was named."""
    outcome: str
    """The state in which the case ended, such as judged."""
    penalties: tuple[str, ...] = ()
    """The kinds of administrative penalty."""
    lesson: str

    @property
    def about(self) -> str:
        return self.bulletin_no

    def sentence(self) -> str:
        substances = f" ({'、'.join(self.substances)})" if self.substances else ""
        return f"Typical case {self.bulletin_no}, {self.product}{substances}: {self.lesson}"
