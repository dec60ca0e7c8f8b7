"""The load: laboratory reports in real notation, of which 2.7 % fail, as they stand on the bus."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from demo.reports import Sending, published_rows, sending
from shared.contracts import Determination, ResultReported

FAILING = 0.027
"""Share of failures in published totals of 2022 to 2024."""
LABORATORY = "lab.L0142"
_MAXIMUM = re.compile(r"≤\s*([0-9.]+)\s*([a-zA-Zμµ/%0-9]+)")


def reports(count: int, seed: int) -> Iterator[Sending]:
    """Reports with the limits of published rows: failing ones as published, passing ones below the printed maximum."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable load, no secret
    rows = [row for row in published_rows() if row["parse_status"] == "ok" and row["reevaluated"] == "fail"]
    concluded = datetime.now(UTC)  # in time, so that no clock is missed
    bounded = [(row, found) for row in rows if (found := _MAXIMUM.fullmatch(row["limit_raw"]))]
    for number in range(count):
        if chance.random() < FAILING:
            row = chance.choice(rows)
            result = row["result_raw"]
        else:
            row, limit = chance.choice(bounded)
            result = f"{float(limit[1]) * chance.uniform(0.01, 0.99):.3g}{limit[2]}"
        report = ResultReported(
            report_no=f"R-{number}",
            sample_no=f"S-{number}",
            product=row["product"],
            category=row["category"],
            producer=row["producer_ref"] or None,
            seller=row["vendor_ref"] or None,
            determinations=(Determination(analyte=row["analyte"], result=result, limit=row["limit_raw"]),),
        )
        # laboratories use time-ordered ids (uuid7)
        yield sending(LABORATORY, report, report.sample_no, concluded, event_id=f"0197f2a0-{number:028x}")
