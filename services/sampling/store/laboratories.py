"""The registry of laboratories: what each is accredited for since when, and its scores in proficiency rounds."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from services.sampling.store.base import SamplingTable
from shared.database import Moment


class Accreditation(SamplingTable, table=True):
    """An entry of the registry; entries stay, and a later one takes the place of an earlier one."""

    event_key: str = Field(primary_key=True)
    laboratory: str = Field(index=True)
    entered_at: datetime = Field(sa_type=Moment)
    entered_by: str
    """The officer, such as O001."""
    region: str
    """Whose officers keep the laboratory's entries: those who entered the first."""
    content: str
    """Digest of what was entered, to tell a repetition."""
    certificate_no: str
    valid_from: date
    valid_to: date
    scope: str
    """The items (JSON)."""


class ProficiencyRound(SamplingTable, table=True):
    """A proficiency round that was evaluated; its number is its identity."""

    __tablename__ = "proficiency_round"

    round_no: str = Field(primary_key=True)
    event_key: str
    content: str
    """Digest of what was reported, to tell a repetition from a change."""
    substance: str
    """The reviewed name."""
    closed_on: date


class ProficiencyScore(SamplingTable, table=True):
    """One laboratory's score in a round."""

    __tablename__ = "proficiency_score"
    __table_args__ = (Index("ix_proficiency_score_laboratory", "laboratory", "substance"),)

    round_no: str = Field(primary_key=True)
    laboratory: str = Field(primary_key=True)
    substance: str
    closed_on: date
    z: str
    """A decimal, as it was told."""
    rating: str
    """satisfactory, questionable or unsatisfactory."""
    flagged: bool
    """Whether the laboratory was flagged for it."""


_accreditation: Any = Accreditation.__table__  # type: ignore[attr-defined]
_round: Any = ProficiencyRound.__table__  # type: ignore[attr-defined]
_score: Any = ProficiencyScore.__table__  # type: ignore[attr-defined]


async def accreditations(
    connection: AsyncConnection, laboratories: Collection[str] | None = None
) -> Mapping[str, Sequence[Row[Any]]]:
    """Every entry of these laboratories, or of all, by laboratory and in the order in which they came."""
    found = select(_accreditation).order_by(_accreditation.c.entered_at, _accreditation.c.event_key)
    if laboratories is not None:
        found = found.where(_accreditation.c.laboratory.in_(laboratories))
    entries: dict[str, list[Row[Any]]] = {}
    for row in await connection.execute(found):
        entries.setdefault(row.laboratory, []).append(row)
    return entries


async def accredit(connection: AsyncConnection, entry: dict[str, Any]) -> None:
    """Keep an entry, a row of ``Accreditation``."""
    await connection.execute(insert(_accreditation), [entry])


async def round_of(connection: AsyncConnection, round_no: str) -> Row[Any] | None:
    """A round that was evaluated before, or none."""
    return (await connection.execute(select(_round).where(_round.c.round_no == round_no))).one_or_none()


async def keep_round(connection: AsyncConnection, closed: dict[str, Any], scores: Sequence[dict[str, Any]]) -> None:
    """Keep a round, a row of ``ProficiencyRound``, with the scores, each a row of ``ProficiencyScore``."""
    await connection.execute(insert(_round), [closed])
    await connection.execute(insert(_score), list(scores))


async def scores_on(connection: AsyncConnection, substance: str, laboratories: Collection[str]) -> list[Row[Any]]:
    """Every score of these laboratories on one substance, in the order of the rounds."""
    found = select(_score).where(_score.c.laboratory.in_(laboratories), _score.c.substance == substance)
    return list(await connection.execute(found.order_by(_score.c.closed_on, _score.c.round_no, _score.c.laboratory)))


async def flag(connection: AsyncConnection, round_no: str, laboratory: str) -> None:
    """Remember that a laboratory was flagged for its score in a round."""
    this = _score.c.round_no == round_no, _score.c.laboratory == laboratory
    await connection.execute(update(_score).where(*this).values(flagged=True))


async def scores(connection: AsyncConnection) -> Mapping[str, list[Row[Any]]]:
    """Every laboratory's scores, in the order of the rounds."""
    found: dict[str, list[Row[Any]]] = {}
    ordered = select(_score).order_by(_score.c.closed_on, _score.c.round_no)
    for row in await connection.execute(ordered):
        found.setdefault(row.laboratory, []).append(row)
    return found
