"""A sampling form at the door: what cannot be true is refused, a number that looks mistyped warns."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.sampling.form_check import CLOCKS_APART, refusal, warnings
from shared.contracts import RefusalReason
from tests.examples import REGION, form, report

RECEIVED = datetime(2026, 3, 2, 2, tzinfo=UTC)


def fault(**changes: Any) -> tuple[RefusalReason, str] | None:
    """Why a form that S01 sent is refused, and in which field."""
    found = refusal(form(report("1"), **changes), sampler="S01", region=REGION, received=RECEIVED)
    return (found.reason, found.where) if found else None


def test_form_in_order_is_taken() -> None:
    """Nothing is wrong with a form by one of its samplers, of today, in its county."""
    assert fault() is None
    assert fault(sampled_at=RECEIVED + CLOCKS_APART) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"samplers": ("S02", "S03")}, (RefusalReason.NOT_YOURS, "data.samplers")),
        (
            {"sampled_at": RECEIVED + CLOCKS_APART + timedelta(seconds=1)},
            (RefusalReason.WRONG_DATES, "data.sampled_at"),
        ),
        ({"production_date": date(2026, 2, 25)}, (RefusalReason.WRONG_DATES, "data.production_date")),
        ({"township": "210281001"}, (RefusalReason.WRONG_PLACE, "data.township")),
    ],
)
def test_what_cannot_be_true_is_refused(changes: dict[str, Any], expected: tuple[RefusalReason, str]) -> None:
    """A form by somebody else, from the future, of food not yet made, or of another county is refused by its field."""
    assert expected == fault(**changes)


def test_sampling_day_is_a_day_in_china() -> None:
    """Food made on the day on which it is taken, in China, is in order although it is the day before in UTC."""
    taken = datetime(2026, 3, 1, 17, tzinfo=UTC)
    assert fault(sampled_at=taken, production_date=date(2026, 3, 2)) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sampled_unit": "91620100MA744EJF7H", "producer": "91440101MA5CJQ4N59"}, []),
        ({"sampled_unit": "91620100MA744EJF7J"}, ["uscc_check_digit"]),
        ({"producer": "91350100M0001TGQXM"}, ["uscc_check_digit"]),
        ({"sampled_unit": "V0001"}, []),
        ({"producer_licence": "SC11834022105055"}, []),
        ({"producer_licence": "SC11834022105056"}, ["licence_check_digit"]),
        ({"producer_licence": "sc118"}, ["licence_check_digit"]),
        ({"producer_licence": "小作坊登记 21-0042"}, []),
    ],
)
def test_mistyped_numbers_warn(changes: dict[str, Any], expected: list[str]) -> None:
    """A credit code or a production licence with a wrong check digit warns, with its standard; others are let be."""
    found = warnings(form(report("1"), **changes))
    assert expected == [warning.rule for warning in found]
    assert all(warning.citation for warning in found)
