"""A sampling form at the door: what cannot be true is refused, a number that looks mistyped warns."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.sampling.form_check import CLOCKS_APART, correction_refusal, refusal, warnings
from shared.contracts import RefusalReason, SampleCollected
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


@pytest.mark.parametrize("number", ["11010519491231002X", "13800138000", "+8613800138000"])
@pytest.mark.parametrize("field", ["sampled_unit", "producer", "consignor"])
def test_person_never_stands_on_a_form(field: str, number: str) -> None:
    """An identity or telephone number is refused by the contract itself, before the form leaves the sampler."""
    facts = form(report("1")).model_dump() | {field: number}
    with pytest.raises(ValidationError, match=r"person's identity or telephone number|should match pattern"):
        SampleCollected.model_validate(facts)


def test_correction_needs_a_sampler_of_the_first_form_and_a_sample_without_report() -> None:
    """Another sampler, another county, a report, or a sample that is void leaves the first form as it is."""
    first, right = form(report("1")), form(report("1"), brand="其他")
    facts: dict[str, Any] = {
        "sampler": "S01",
        "region": REGION,
        "received": right.sampled_at,
        "state": "collected",
        "is_reported": False,
        "home": REGION,
    }
    assert correction_refusal(right, first, **facts) is None
    for changed in ({"sampler": "S09"}, {"home": "21.02.02"}, {"is_reported": True}, {"state": "void"}):
        found = correction_refusal(right, first, **(facts | changed))
        assert found is not None
        assert found.reason is RefusalReason.CHANGED
