"""The national caps: how many samples of one unit or producer a cycle of 60 days may hold."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.caps import History, caps, longest_cycle
from shared.contracts import SampleCollected
from tests.examples import form, report

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Taken:
    """A sample that was taken before."""

    sampled_unit: str = "V0001"
    producer: str | None = "P0009"
    product: str = "大米"
    batch_no: str = ""
    chain_stage: str = "circulation"
    sampled_at: datetime = NOW - timedelta(days=1)


def rules(form_: SampleCollected, taken: list[Taken], batches: set[tuple[str, str, str]] | None = None) -> list[str]:
    """The rules that a form breaks."""
    return [warning.rule for warning in History(taken, batches or set()).warnings(form_)]


@pytest.mark.parametrize(("before", "expected"), [(9, []), (10, ["same_unit"]), (30, ["same_unit"])])
def test_unit_is_sampled_at_most_ten_times(before: int, expected: list[str]) -> None:
    """The tenth sample of a unit within 60 days is in order, the eleventh warns."""
    assert expected == rules(form(report("1"), sampled_at=NOW), [Taken()] * before)


@pytest.mark.parametrize(("before", "expected"), [(4, []), (5, ["same_producer"])])
def test_producer_is_sampled_at_most_five_times(before: int, expected: list[str]) -> None:
    """The fifth sample of a producer within 60 days is in order, the sixth warns, wherever they were taken."""
    taken = [Taken(sampled_unit=f"V{n}", producer="P0001") for n in range(before)]
    assert expected == rules(form(report("1"), sampled_at=NOW), taken)


def test_only_the_cycle_and_circulation_count() -> None:
    """What was taken 60 days before, later, or in production is not counted."""
    others = [
        Taken(sampled_at=NOW - timedelta(days=60)),
        Taken(sampled_at=NOW + timedelta(minutes=1)),
        Taken(chain_stage="production"),
    ]
    assert [] == rules(form(report("1"), sampled_at=NOW), [Taken()] * 9 + others * 5)
    assert [] == rules(form(report("1"), sampled_at=NOW, chain_stage="production"), [Taken()] * 20)


def test_no_batch_is_sampled_twice() -> None:
    """The same producer, product and batch warns; another batch, or one without a number, does not."""
    sampled = {("P0001", "大米", "B1")}
    assert ["same_batch"] == rules(form(report("1"), batch_no="B1"), [], sampled)
    assert [] == rules(form(report("1"), batch_no="B2"), [], sampled)
    assert [] == rules(form(report("1"), batch_no=""), [], {("P0001", "大米", "")})


def test_producer_that_is_not_named_has_no_cap() -> None:
    """Samples without a producer are not counted together."""
    taken = [Taken(sampled_unit=f"V{n}", producer=None) for n in range(20)]
    assert [] == rules(form(report("1", producer=None), sampled_at=NOW), taken)


@given(st.lists(st.integers(0, 100), max_size=40))
def test_one_more_sample_never_lifts_a_warning(days: list[int]) -> None:
    """Whatever was taken before, a further sample takes no warning away, and the order does not matter."""
    taken = [Taken(sampled_at=NOW - timedelta(days=day)) for day in days]
    new = form(report("1"), sampled_at=NOW)
    assert set(rules(new, taken)) <= set(rules(new, [*taken, Taken()]))
    assert rules(new, taken) == rules(new, taken[::-1])


def test_table_says_where_it_is_from() -> None:
    """Every cap has its source, and the cycle that is looked back on is the longest of them."""
    assert all(cap.citation and cap.at_most > 0 for cap in caps())
    assert longest_cycle() == timedelta(days=60)


@given(st.lists(st.integers(0, 100), max_size=30))
def test_samples_of_one_batch_count_like_those_before(days: list[int]) -> None:
    """What is added one by one counts as what was there at the beginning."""
    forms = [form(report(str(n)), sampled_at=NOW - timedelta(days=day)) for n, day in enumerate(days)]
    added = History([], set())
    for one in forms:
        added.add(one)
    new = form(report("new"), sampled_at=NOW)
    assert History(forms, set()).warnings(new) == added.warnings(new)
