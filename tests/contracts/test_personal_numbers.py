"""No reason in writing about a case may hold an identity card's or a telephone's number: events are kept for ever."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.contracts import CATALOGUE, CaseStep, PersonPenalty
from shared.contracts.case_step import WrittenReason
from shared.contracts.event import PartnerEvent
from shared.contracts.examples import EXAMPLES
from shared.contracts.examples_of_cases import CASES
from shared.identifiers import number_of

REASON = TypeAdapter(WrittenReason)
SAID = [event for event in EXAMPLES if isinstance(event, PartnerEvent) and type(event) in set(map(type, CASES))]
"""Everything that people and authorities say to enforcement."""
IS_LOOKED_UP = {"clock"}
"""Names what the exchange keeps; what it does not keep is refused, whatever it is."""
WORDS = st.sampled_from(["", "电话", "：", " ", "，", " tel. ", "证件号", "\n", " P1 ", "(", ")"])
TELEPHONES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
IDENTITIES = st.from_regex(
    r"[1-6][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9])[0-9]{3}[0-9Xx]", fullmatch=True
)
DIGESTS = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    "text",
    [
        "当事人身份证210283198001011231，已询问",
        "证件号 21028319800101123X。",
        "电话13904112233",
        "请联系 13904112233 核实",
        "19912345678",
        "+8613904112233",
        "210283 19800101 1231",
        "+86 139 0411 2233",
        "008613904112233",
        "86-139-0411-2233",
        "P1 13904112233",
        "P1 139-0411-2233",
        "139 0411 2233",
        "139-0411-2233",
        "１３９０４１１２２３３",
        "证件号２１０２８３１９８００１０１１２３Ｘ",
        f"digest {'0' * 64}，电话13904112233",
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
        f"digest {'a' * 53}13904112233",
        f"digests {'5' * 46}{'7' * 18}, {'b' * 64}",
        "抽样单 XBJ24210283371530123, SC-2026-0304-0017",
        "EAN 6901234567892, 0411-39812345, 12315",
        "庄市监罚决〔2026〕17号, 法释〔2021〕24号 Art 9(2)",
        "15039 0411 2233 fish in 139 0411 223 boxes",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    """Case numbers, amounts, digests, licences, days."""
    assert text == REASON.validate_python(text)


@given(st.integers(min_value=0, max_value=10**10 - 1), st.sampled_from(["", "，", " yuan", "元"]))
def test_numbers_of_up_to_ten_figures_are_no_telephones(number: int, behind: str) -> None:
    """A telephone has eleven figures and begins with 13 to 19."""
    assert REASON.validate_python(f"共{number:02}{behind}")


@given(before=WORDS, number=TELEPHONES | IDENTITIES, behind=WORDS)
def test_numbers_are_found_wherever_they_stand(before: str, number: str, behind: str) -> None:
    """Between words, in full-width figures, and a telephone's with the country before it."""
    for one in (number, number.translate(FULL_WIDTH), f"+86{number}" if len(number) == 11 else number):
        with pytest.raises(ValidationError):
            REASON.validate_python(f"{before}{one}{behind}")


@given(
    digest=DIGESTS, before=st.sampled_from(["", "sha256 ", "文件"]), behind=st.sampled_from(["", ".", "，", " of P1"])
)
def test_digests_are_no_personal_numbers(digest: str, before: str, behind: str) -> None:
    """Whatever figures a digest holds, at its end too."""
    text = f"{before}{digest}{behind}"
    assert text == REASON.validate_python(text)


@given(st.text(), st.sampled_from(["C", "A", "L"]))
def test_numbers_that_the_exchange_gives_are_none(key: str, prefix: str) -> None:
    """A case's, an alert's or an entry's number can be named in a reason."""
    text = f"See {number_of(prefix, key)}."
    assert text == REASON.validate_python(text)


@given(
    st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False), st.sampled_from([" yuan", "元", " kg", ""])
)
def test_amounts_are_none(amount: Decimal, unit: str) -> None:
    """With their two decimals, plain and grouped."""
    for text in (f"货值{amount}{unit}", f"货值{amount:,}{unit}"):
        assert text == REASON.validate_python(text)


@given(st.from_regex(r"(XBJ|GZJ|DBJ|SC|S-)[0-9]{14}([0-9]{2,3})?|S-[0-9]{1,10}", fullmatch=True))
def test_sample_numbers_are_none(number: str) -> None:
    """Letters with up to ten, with fourteen, sixteen or seventeen figures behind them."""
    assert f"抽样单{number}" == REASON.validate_python(f"抽样单{number}")


def texts(part: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where in a document a text stands or may stand."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from texts(value, (*path, name))
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from texts(value, (*path, place))
    elif part is None or isinstance(part, str):
        yield path


def replaced(document: Any, path: tuple[str | int, ...], text: str) -> Any:
    """The document with this text at that place."""
    if not path:
        return text
    changed = document.copy()
    changed[path[0]] = replaced(document[path[0]], path[1:], text)
    return changed


@pytest.mark.parametrize("event", SAID, ids=lambda event: type(event).__name__)
def test_every_text_that_somebody_writes_is_looked_at(event: PartnerEvent) -> None:
    """In no place of anything that is said of a case does a text stand that holds a telephone's or identity number."""
    document = event.model_dump(mode="json")
    assert event == type(event).model_validate_json(json.dumps(document))
    for path in texts(document):
        if path[-1] in IS_LOOKED_UP:
            continue
        for text in ("电话13904112233，已询问", "证件号 21028319800101123X。"):
            with pytest.raises(ValidationError):
                type(event).model_validate_json(json.dumps(replaced(document, path, text)))


def test_everything_that_is_said_of_a_case_has_an_example() -> None:
    """So each is looked at above: every step, and what enforcement alone hears of partners."""
    to_enforcement = {one.event for one in CATALOGUE if one.stream == "PARTNERS" and one.consumers == ("enforcement",)}
    assert to_enforcement == set(map(type, SAID))
    assert {entry.event for entry in CATALOGUE if issubclass(entry.event, CaseStep)} <= to_enforcement


@pytest.mark.parametrize("number", ["13904112233", "21028319800101123X", "210283198001011231"])
def test_person_is_not_known_by_a_personal_number(number: str) -> None:
    """Who is penalised is a number in the case file."""
    with pytest.raises(ValidationError):
        PersonPenalty(person=number, role="other")
    assert PersonPenalty(person="P1", role="other").person == "P1"
