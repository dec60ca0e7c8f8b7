"""What is wrong is said in words that help whoever filled in a form."""

from typing import Any

import pytest
from pydantic import ValidationError

from partners.tables.faults import Fault, Faults, FaultyInputError, faults_of, path_of
from shared.contracts import LaboratoryAccredited, RapidTestRecorded, SampleCollected, SampleHandedOver
from tests.examples import accreditation, form, report

FORM = form(report("1")).model_dump(mode="json")


def said(
    event: type[SampleCollected | SampleHandedOver | RapidTestRecorded | LaboratoryAccredited], values: dict[str, Any]
) -> list[str]:
    """Every fault of these values."""
    with pytest.raises(ValidationError) as caught:
        event.model_validate(values)
    return [str(fault) for fault in faults_of(caught.value)]


def test_holder_is_a_kind_and_an_id() -> None:
    """Who writes the laboratory's user is told how the holder is written."""
    facts = {"sample_no": "S-1", "handed_at": "2026-11-24T09:30+08:00", "seal_no": "F-1", "seal_intact": True}
    sentence = "'lab-L0142' does not fit; write who has it now: lab.L0142, sampler.S02 or carrier.SF-0471."
    assert [f"to: {sentence}"] == said(SampleHandedOver, facts | {"to": "lab-L0142"})


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("quantity", "两公斤", "'两公斤' is no number; write figures with a point, such as 2.5, and no unit."),
        ("quantity", "", "is empty and has to be filled in."),
        ("quantity", "-1", "'-1' must not be below 0."),
        ("unit_price", "12.505", "'12.505' has more than 2 figures behind the point; round it."),
        ("samplers", ["S01"], "holds 1 and needs at least 2."),
        ("township", "庄河", "'庄河' does not fit; write the nine figures of the township, such as 210283104."),
        ("sampled_at", "gestern", "'gestern' is no point in time; write it as 2026-11-24T09:30+08:00."),
        ("production_date", "x", "'x' is no day; write it as 2026-11-24."),
        ("shelf_life_days", "long", "'long' is no whole number; write figures only."),
        ("sterile", "maybe", "'maybe' is neither yes nor no; write true or false, 是 or 否."),
        ("product", "鱼" * 201, f"'{'鱼' * 60}…' is longer than 200 characters; shorten it."),
        ("product", 7, "'7' is no text; write it in quotation marks."),
        ("colour", "red", "stands in a field that this request does not have; leave it out, or mend the field's name."),
    ],
)
def test_fault_says_what_to_write_instead(field: str, value: Any, sentence: str) -> None:
    """Each kind of fault has a sentence of its own, behind the place."""
    assert f"{field}: {sentence}" in said(SampleCollected, FORM | {field: value})


def test_words_that_may_stand_are_listed_with_what_people_say() -> None:
    """Where only some words may stand, they are named, each with the Chinese word that is understood as well."""
    (sentence,) = said(SampleCollected, FORM | {"chain_stage": "批发"})
    assert (
        "chain_stage: '批发' is none of the words that may stand here: production (生产), circulation (流通) or "
        "catering (餐饮)."
    ) == sentence


def test_rule_of_the_contract_speaks_for_itself() -> None:
    """A rule over several fields says what is wrong in its own words."""
    (sentence,) = said(SampleCollected, FORM | {"quantity": "3"})
    assert "the whole: the portions for test, duplicate and reserve add up to 2 kg and the form says 3" in sentence


def test_name_where_an_id_belongs_is_refused() -> None:
    """A person's name in place of an id is a fault of that entry alone."""
    sentences = said(SampleCollected, FORM | {"samplers": ["S01", "张三"]})
    shape = "write an id on the exchange such as L0142 or S01; a name never stands here."
    assert [f"samplers, entry 2: '张三' does not fit; {shape}"] == sentences


def test_missing_field_is_empty() -> None:
    """A field that is not there and one that is empty are the same to a person."""
    without = {name: value for name, value in accreditation().model_dump(mode="json").items() if name != "scope"}
    assert ["scope: is empty and has to be filled in."] == said(LaboratoryAccredited, without)


def test_faulty_input_lists_every_fault() -> None:
    """The whole list stands in the error, a line each."""
    error = FaultyInputError([Fault("row 2", "is wrong."), Fault("row 3", "too.")])
    assert "row 2: is wrong.\nrow 3: too." == str(error)


def test_path_counts_entries_from_one() -> None:
    """The first entry of a list is entry 1, and no path is the whole."""
    assert ("lines, entry 3, samples", "the whole") == (path_of(("lines", 2, "samples")), path_of(()))


def test_of_very_many_faults_the_first_are_shown_and_all_are_counted() -> None:
    """A file with a fault in each of its rows is said to be so in as many lines as a person reads."""
    faults = Faults()
    for number in range(120):
        faults.blame(Fault(f"row {number}", "is wrong."), Fault(f"row {number}", "too."))
    with pytest.raises(
        FaultyInputError, match=r"row 24: too\.\n240 faults, of which the first 50 are shown\.$"
    ) as caught:
        faults.stop()
    assert (50, 240) == (len(caught.value.faults), caught.value.count)
    Faults().stop()
