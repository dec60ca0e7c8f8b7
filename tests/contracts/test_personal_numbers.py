"""No reason in writing about a case may hold an identity card's or a telephone's number: events are kept for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.contracts import CATALOGUE, CaseStep, EvidenceItem, EvidenceKind, digest_of
from shared.contracts.case_step import WrittenReason
from shared.contracts.examples import EXAMPLES
from shared.contracts.examples_of_cases import CASES

REASON = TypeAdapter(WrittenReason)
TEXT_FIELDS = ("why", "law", "lesson", "opinion_pending")
STEPS = [example for example in EXAMPLES if isinstance(example, CaseStep)]


@pytest.mark.parametrize(
    "text",
    [
        "当事人身份证210283198001011231，已询问",
        "证件号 21028319800101123X。",
        "电话13904112233",
        "请联系 13904112233 核实",
        "19912345678",
        "+8613904112233",
        "139-0411-2233",
        "１３９０４１１２２３３",
        "210283 19800101 1231",
    ],
)
def test_identity_and_telephone_numbers_are_refused(text: str) -> None:
    """With what to write instead."""
    with pytest.raises(ValidationError, match="write the person's number in the case file instead, such as P1"):
        REASON.validate_python(text)


@pytest.mark.parametrize(
    "text",
    [
        "P1承认使用孔雀石绿",
        "案件 C-7Q2M4ZK3XAWB, report R-0001 of L0142",
        "货值 1390411.22 yuan, 13904112 fish",
        "digest 5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
        "SC11834022105055 and 91620100MA744EJF7H",
        "2026-03-04 09:30, 2026年3月4日",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    """Case numbers, amounts, digests, licences, days."""
    assert text == REASON.validate_python(text)


@given(st.integers(min_value=0, max_value=10**10 - 1), st.sampled_from(["", "，", " yuan", "元"]))
def test_numbers_of_up_to_ten_figures_are_no_telephones(number: int, behind: str) -> None:
    """A telephone has eleven figures and begins with 13 to 19."""
    assert REASON.validate_python(f"共{number:02}{behind}")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step).__name__)
def test_every_step_s_text_is_looked_at(step: CaseStep) -> None:
    """Whichever field of a step is written by a person, a telephone's number in it is refused."""
    written = [name for name in TEXT_FIELDS if name in type(step).model_fields]
    free = [
        name
        for name, field in type(step).model_fields.items()
        if field.annotation in (str, str | None) and not field.metadata and name not in written
    ]
    assert [] == free, "a text that anybody may write needs to be a WrittenReason"
    for name in written:
        with pytest.raises(ValidationError):
            type(step).model_validate(step.model_dump() | {name: "电话13904112233"})


def test_every_step_of_the_catalogue_has_an_example() -> None:
    """So each is looked at above."""
    assert {entry.event for entry in CATALOGUE if issubclass(entry.event, CaseStep)} == {type(step) for step in STEPS}
    assert set(map(type, CASES)) >= {type(step) for step in STEPS}


def item(**changes: object) -> EvidenceItem:
    """An item of a dossier."""
    facts = {
        "kind": EvidenceKind.PHOTOGRAPH,
        "reference": "PH-1",
        "sha256": "a" * 64,
        "size": 10,
        "media_type": "image/jpeg",
        "made_on": "2026-03-04",
    }
    return EvidenceItem.model_validate(facts | changes)


def test_digest_is_over_kind_number_and_hash_in_any_order() -> None:
    """The order says nothing, each of the three parts does."""
    one, other = item(), item(reference="PH-2")
    assert digest_of([one, other]) == digest_of([other, one])
    changes: list[dict[str, object]] = [{"kind": "other"}, {"reference": "PH-3"}, {"sha256": "b" * 64}]
    assert len({digest_of([item(**change)]) for change in [{}, *changes]}) == 4
