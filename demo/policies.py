"""The policies of the demonstration, all made, as their insurers tell of them."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

from demo.reports import Sending, sending
from shared.contracts import PolicyBound

MADE = datetime(2026, 1, 1, tzinfo=UTC)


POLICIES = Path(__file__).with_name("policies.csv")


def made_policies() -> list[Sending]:
    """One event per policy."""
    with POLICIES.open(encoding="utf-8", newline="") as file:
        return [
            sending(
                f"insurer.{row['insurer']}",
                PolicyBound(
                    policy_no=row["policy_no"],
                    insured=row["insured"],
                    valid_from=date.fromisoformat(row["valid_from"]),
                    valid_to=date.fromisoformat(row["valid_to"]),
                ),
                "",
                MADE,
            )
            for row in csv.DictReader(file)
        ]
