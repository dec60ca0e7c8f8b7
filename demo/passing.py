"""Passing results, made from the limits catalogue: each maximum printed as a limit, with results well below it."""

import csv
from datetime import datetime
from decimal import Decimal
from importlib.resources import files

from demo.reports import LABORATORIES, Sending, sending
from shared.contracts import Determination, ResultReported

SHARES = (Decimal("0.1"), Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), Decimal("0.9"))
"""The results, as shares of the maximum."""


def made_passing(first_run: datetime) -> list[Sending]:
    """Several passing reports for every maximum of the catalogue."""
    text = files("services.sampling").joinpath("data/limits.csv").read_text("utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["comparator"] == "max" and row["unit"]]
    return [_report(row, share, number, first_run) for row in rows for number, share in enumerate(SHARES, start=1)]


def _report(row: dict[str, str], share: Decimal, number: int, first_run: datetime) -> Sending:
    name = f"{row['row_id']}-{number}"
    result = f"{(Decimal(row['value']) * share).normalize():f}{row['unit']}"
    report = ResultReported(
        report_no=f"R-{name}",
        sample_no=f"DEMO-{name}",
        product=row["food"],
        category="食品",
        determinations=(Determination(analyte=row["analyte"], result=result, limit=f"≤{row['value']}{row['unit']}"),),
    )
    laboratory = LABORATORIES[number % len(LABORATORIES)]
    return sending(f"lab.{laboratory}", report, report.sample_no, first_run)
