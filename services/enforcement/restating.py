"""What officers stated about a case, looked at again when facts or samples come or go: a rule met now refers it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from services.enforcement.grounds.aggravation import EarlierCase, Known, aggravating
from services.enforcement.grounds.assessing import Reassessment, reassess
from services.enforcement.grounds.assessment import Assessment, dump, load, strongest
from services.enforcement.grounds.rules import Rules
from services.enforcement.handing_over import kept_reasons, reasons_in
from services.enforcement.store import cases, samples
from shared.contracts import CaseReferred, Reason
from shared.heard import Heard, Work


@dataclass(frozen=True, slots=True)
class Stated:
    """The facts of a case, and which of them evidence in the dossier shows."""

    facts: Mapping[str, str]
    shown: Collection[str]

    @classmethod
    def kept(cls, text: str) -> Self:
        """From the text that is kept with the case."""
        kept: dict[str, Any] = json.loads(text)
        return cls(kept.get("stated", {}), kept.get("shown", ()))

    def text(self) -> str:
        """As it is kept with the case."""
        return json.dumps({"stated": dict(self.facts), "shown": sorted(self.shown)}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Asking:
    """The rules, asked in answer to one event."""

    heard: Heard[Any]
    rules: Rules
    work: Work

    async def anew(self, case: Mapping[str, Any], stated: Stated, untold: Collection[str] = ()) -> Reassessment | None:
        """Ask the rules of what is stated, and tell those that are met only now; none where no sample stands.

        ``case`` has the version from which on this holds. ``untold`` names rules whose telling fell with its sample.
        """
        rows = await samples.standing_of(self.work.connection, case["case_no"])
        if not rows:
            return None
        assessed = [load(row.assessments) for row in rows]
        before = [one for one in load(case["assessments"]) if one.rule not in untold]
        again = reassess(stated.facts, assessed, before, self.rules, stated.shown)
        if again.newly_met:
            others = await earlier_cases(self.work.connection, case["producer"], case["opened_at"])
            weighing = aggravating(stated.facts, Known(assessed, others))
            await self._refer(case, rows[0], again.newly_met, weighing)
        return again

    async def look_again(self, case: Mapping[str, Any], untold: Collection[str] = ()) -> None:
        """Ask the rules of what was stated, where anything was: a sample came or went."""
        stated = Stated.kept(case["facts"])
        if stated.facts and (again := await self.anew(case, stated, untold)):
            change = {"assessments": dump(again.assessments)}
            await cases.change(self.work.connection, {case["case_no"]: change})

    async def _refer(
        self, case: Mapping[str, Any], row: Row[Any], met: Sequence[Assessment], weighing: tuple[Reason, ...]
    ) -> None:
        """Tell police and procuratorate, by the case's first standing sample."""
        reasons = tuple(one.reason for one in met)
        event = CaseReferred(
            case_no=case["case_no"],
            sample_no=row.sample_no,
            laboratory=row.laboratory,
            report_no=row.report_no,
            version=case["version"],
            product=case["product"],
            producer=case["producer"],
            seller=None,
            reasons=reasons,
            strength=strongest(one.strength for one in met).value,
            aggravation=weighing,
        )
        self.work.tell(self.heard, event, region=case["region"])
        report, every = (row.laboratory, row.report_no), reasons
        if row.referred:
            every = (*reasons_in(row.reasons), *reasons)
        await samples.refer(self.work.connection, report, every[0].rule, kept_reasons(every))


async def earlier_cases(connection: AsyncConnection, producer: str | None, opened_at: datetime) -> list[EarlierCase]:
    """A producer's cases that opened before this moment; none where the producer is not known."""
    if not producer:
        return []
    found = await cases.earlier(connection, {producer})
    return earlier_than(opened_at, found.get(producer, ()))


def earlier_than(opened_at: datetime, others: Sequence[cases.Opened]) -> list[EarlierCase]:
    """Those of a producer's cases that opened before this moment."""
    return [EarlierCase(one.case_no, one.day) for one in others if one.opened_at < opened_at]
