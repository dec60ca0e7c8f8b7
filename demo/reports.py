"""The laboratory reports of the demonstration, made from published rows.

Only what a laboratory prints is used: product, category, production date, analyte, result, limit, and the references.
The parsed and verdict columns of the file are for tests.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from shared.contracts import Determination, Event, ResultReported, entry_of
from shared.envelope import seal, source_of
from shared.identifiers import derived_id

REGION = "21.02.83"
"""Made: every sample of the demonstration is taken in Zhuanghe."""
LABORATORIES = ("L0142", "L0200")
PUBLISHED = Path(__file__).with_name("published_failures.csv")


@dataclass(frozen=True, slots=True)
class Sending:
    """One event on its way to the bus."""

    party: str
    subject: str
    message_id: str
    payload: bytes
    sample_no: str
    event: Event


def published_rows(path: Path = PUBLISHED) -> list[dict[str, str]]:
    """The rows of the file of published failures."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def published_reports(rows: Iterable[dict[str, str]], first_run: datetime) -> list[Sending]:
    """One report per sample: rows of the same product, date, producer and seller with different analytes are one.

    They are told as if they had been concluded at the first run.
    """
    reports = []
    for same in samples_of(rows):
        first = same[0]
        number = first["row_id"]
        report = ResultReported(
            report_no=f"R-{number}",
            sample_no=f"DEMO-{number}",
            product=first["product"],
            category=first["category"],
            production_date=_date(first["production_date"]),
            producer=first["producer_ref"] or None,
            seller=first["vendor_ref"] or None,
            determinations=tuple(
                Determination(analyte=row["analyte"], result=row["result_raw"], limit=row["limit_raw"]) for row in same
            ),
        )
        laboratory = LABORATORIES[int(re.sub(r"\D", "", number) or 0) % len(LABORATORIES)]
        reports.append(sending(f"lab.{laboratory}", report, report.sample_no, first_run))
    return reports


def samples_of(rows: Iterable[dict[str, str]]) -> list[list[dict[str, str]]]:
    """Group rows into samples; a row that names neither producer nor seller stands alone."""
    samples: list[list[dict[str, str]]] = []
    for _, group in groupby(sorted(rows, key=_likeness), key=_likeness):
        same = list(group)
        analytes = {row["analyte"] for row in same}
        named = same[0]["producer_ref"] or same[0]["vendor_ref"]
        if named and len(analytes) == len(same):
            samples.append(sorted(same, key=lambda row: row["row_id"]))
        else:
            samples.extend([row] for row in same)
    return sorted(samples, key=lambda sample: sample[0]["row_id"])


def sending(party: str, event: Event, sample_no: str, when: datetime, event_id: str = "") -> Sending:
    """Seal an event as a partner does; the same content always has the same id, so sending it again is harmless."""
    kind, _, organisation = party.partition(".")
    source = source_of(party)
    event_id = event_id or derived_id("demo", party, event.TYPE, event.about)
    return Sending(
        party=f"{kind}-{organisation}",
        subject=entry_of(type(event)).subject(REGION, organisation),
        message_id=f"{source} {event_id}",
        payload=seal(event, source=source, event_id=event_id, time=when, region=REGION),
        sample_no=sample_no,
        event=event,
    )


def _likeness(row: dict[str, str]) -> list[str]:
    columns = ("product", "category", "production_date", "producer_ref", "vendor_ref", "publish_date")
    return [row[column] for column in columns]


def _date(text: str) -> date | None:
    if not text:
        return None
    year, month, day = map(int, text.split("-"))
    return date(year, month, day)
