"""The items of the dossiers, every one that was ever added; the files are in the evidence folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from services.enforcement.store.base import EnforcementTable
from shared.contracts import EvidenceItem, EvidenceKind
from shared.database import Moment


class CaseEvidence(EnforcementTable, table=True):
    """One item of a dossier; a later one of the same kind and number takes its place, and it stays."""

    __tablename__ = "case_evidence"

    case_no: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    """Of the case after the step that added it."""
    n: int = Field(primary_key=True)
    """Its place in that step."""
    kind: str
    reference: str
    sha256: str
    size: int = Field(sa_type=BigInteger)
    media_type: str
    made_on: date
    added_by: str
    added_at: datetime = Field(sa_type=Moment)
    replaced_in: int | None
    """The version of the case in which another took its place."""


_item: Any = CaseEvidence.__table__  # type: ignore[attr-defined]


async def of_case(connection: AsyncConnection, case_no: str) -> list[Row[Any]]:
    """Every item that was ever added to a case's dossier, in order."""
    found = select(_item).where(_item.c.case_no == case_no).order_by(_item.c.version, _item.c.n)
    return list(await connection.execute(found))


def current(rows: Sequence[Row[Any]]) -> tuple[EvidenceItem, ...]:
    """The items that count: those whose place no other took."""
    return tuple(item_in(row) for row in rows if row.replaced_in is None)


def as_of(rows: Sequence[Row[Any]], version: int) -> tuple[EvidenceItem, ...]:
    """The items that counted in this version of the case."""
    return tuple(item_in(row) for row in rows if row.version <= version and (row.replaced_in or version + 1) > version)


def item_in(row: Row[Any]) -> EvidenceItem:
    """The item that a row holds."""
    return EvidenceItem(
        kind=EvidenceKind(row.kind),
        reference=row.reference,
        sha256=row.sha256,
        size=row.size,
        media_type=row.media_type,
        made_on=row.made_on,
    )


@dataclass(frozen=True, slots=True)
class Addition:
    """Items that a step adds, which makes this version of the case."""

    case_no: str
    version: int
    items: Sequence[EvidenceItem]
    by: str
    at: datetime

    def rows(self) -> list[dict[str, Any]]:
        """The rows of the table."""
        return [
            {
                "case_no": self.case_no,
                "version": self.version,
                "n": n,
                **item.model_dump(),
                "kind": item.kind.value,
                "added_by": self.by,
                "added_at": self.at,
                "replaced_in": None,
            }
            for n, item in enumerate(self.items, start=1)
        ]


async def retire(connection: AsyncConnection, case_no: str, version: int) -> None:
    """Nothing of a dossier counts any more from this version on; it stays."""
    standing = (_item.c.case_no == case_no) & _item.c.replaced_in.is_(None)
    await connection.execute(update(_item).where(standing).values(replaced_in=version))


async def add(connection: AsyncConnection, addition: Addition) -> None:
    """Add items; those of the same kind and number are replaced, and stay."""
    standing = (_item.c.case_no == addition.case_no) & _item.c.replaced_in.is_(None)
    for item in addition.items:
        same = (_item.c.kind == item.kind.value) & (_item.c.reference == item.reference)
        await connection.execute(update(_item).where(standing & same).values(replaced_in=addition.version))
    await connection.execute(insert(_item), addition.rows())
