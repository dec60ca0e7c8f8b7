"""What is refused at the door."""

from datetime import date
from typing import Any

import pytest

from services.sampling.acceptance import refusal
from shared.contracts.result import Determination, RejectionReason, ResultReported

RECEIVED = date(2024, 5, 10)


def report(**changes: Any) -> ResultReported:
    """A made report that is taken unless changed; determination fields are changed in the second determination."""
    fields = {name: changes.pop(name) for name in ("result", "lod", "loq") if name in changes}
    second = {"analyte": "铅", "result": "0.1mg/kg", "limit": "≤0.5mg/kg"} | fields
    first = Determination(analyte="镉", result="0.1mg/kg", limit="≤0.5mg/kg")
    facts = {"report_no": "R1", "sample_no": "S1", "product": "大米", "category": "粮食加工品"} | changes
    return ResultReported(**facts, determinations=(first, Determination(**second)))


@pytest.mark.parametrize(
    ("changes", "reason", "where"),
    [
        ({"production_date": date(2024, 5, 11)}, RejectionReason.FUTURE_DATE, "data.production_date"),
        ({"concluded_on": date(2024, 5, 11)}, RejectionReason.FUTURE_DATE, "data.concluded_on"),
        (
            {"production_date": date(2024, 5, 2), "concluded_on": date(2024, 5, 1)},
            RejectionReason.DATES_OUT_OF_ORDER,
            "data.concluded_on",
        ),
        ({"result": "-0.1mg/kg"}, RejectionReason.NEGATIVE_RESULT, "data.determinations.1.result"),
        ({"result": "0.1;－0.2mg/kg"}, RejectionReason.NEGATIVE_RESULT, "data.determinations.1.result"),
        ({"result": "初检0.1mg/kg复检-0.2mg/kg"}, RejectionReason.NEGATIVE_RESULT, "data.determinations.1.result"),
        ({"lod": "2μg/kg", "loq": "0.001mg/kg"}, RejectionReason.LOD_ABOVE_LOQ, "data.determinations.1.lod"),
        ({"lod": "2", "loq": "1"}, RejectionReason.LOD_ABOVE_LOQ, "data.determinations.1.lod"),
    ],
)
def test_what_cannot_be_true_is_refused(changes: dict[str, Any], reason: RejectionReason, where: str) -> None:
    """The refusal names the reason, the field and a sentence."""
    refused = refusal(report(**changes), RECEIVED)
    assert refused is not None
    assert (reason, where) == (refused.reason, refused.where)
    assert refused.explanation.endswith(".")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"production_date": RECEIVED, "concluded_on": RECEIVED},
        {"result": "约-0.1mg/kg"},
        {"result": "0mg/kg"},
        {"lod": "1mg/kg", "loq": "1mg/kg"},
        {"lod": "1", "loq": "0.5mg/kg"},
        {"lod": "1mg/L", "loq": "0.5mg/kg"},
        {"lod": "见方法", "loq": "0.5mg/kg"},
        {"lod": "1mg/kg"},
    ],
)
def test_what_merely_cannot_be_read_is_taken(changes: dict[str, Any]) -> None:
    """Unreadable figures are for the judgement, not for the door."""
    assert refusal(report(**changes), RECEIVED) is None
