"""Results as printed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.judging.notation import Kind, Reading, Result, Unreadable, read_quantity, read_result
from shared.contracts.sample import JudgementReason

SEPARATORS = ("；", ";", "，", "、", "/", "; ", ", ", " ", "\n")


def readings(text: str) -> list[str]:
    """The readings of a result that must be readable, as people see them."""
    result = read_result(text)
    assert isinstance(result, Result)
    return [str(reading) for reading in result.readings]


def reason(text: str) -> JudgementReason:
    """Why a result that must be unreadable is so."""
    result = read_result(text)
    assert isinstance(result, Unreadable)
    return result.reason


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2.55μg/kg", ["2.55 µg/kg"]),
        ("1.48 mg/kg", ["1.48 mg/kg"]),
        ("１.４８ｍｇ／ｋｇ", ["1.48 mg/kg"]),
        ("1.49w/%", ["1.49 w/%"]),
        ("0.094mg/100cm²", ["0.094 mg/100cm²"]),
        ("624.3µ/g", ["624.3 u/g"]),
        ("＞3mg/kg", [">3 mg/kg"]),
        ("＜10CFU/g", ["<10 CFU/g"]),
        ("未检出", ["not detected"]),
        ("ND", ["not detected"]),
        ("检出/25g", ["detected/25g"]),
        ("-0.5mg/kg", ["-0.5 mg/kg"]),
        ("1,6 +/- 0,3 mg/kg", ["1.6 mg/kg"]),
        ("0.047±0.024mg/kg", ["0.047 mg/kg"]),
        ("1.0mg/kg（以Pb计）", ["1 mg/kg"]),
        ("4;0;5;1;0 CFU/250mL", [f"{count} CFU/250mL" for count in (4, 0, 5, 1, 0)]),
        ("n₁：530000；n₂：340000；结果均大于M（单位：CFU/g）", ["530000 CFU/g", "340000 CFU/g"]),
        ("n1:53；n2:34（CFU/mL）", ["53 CFU/mL", "34 CFU/mL"]),
        ("2.7×10^5; <10; 25 CFU/g", ["270000 CFU/g", "<10 CFU/g", "25 CFU/g"]),
        ("①1.7×10<sup>4</sup>4CFU/g;②1.5×10<sup>4</sup>CFU/g", ["17000 CFU/g", "15000 CFU/g"]),
        ("①1②2③3④4⑤5CFU/g", [f"{count} CFU/g" for count in (1, 2, 3, 4, 5)]),
        ("8.2×102/8.6×102CFU/g", ["820 CFU/g", "860 CFU/g"]),
        ("未检出/25g；检出/25g", ["not detected/25g", "detected/25g"]),
        ("实测值：1.2mg/kg", ["1.2 mg/kg"]),
        ("1.2mg/kg（实测值）", ["1.2 mg/kg"]),
        ("3.6mg/kg±0.2mg/kg", ["3.6 mg/kg"]),
        ("3.6 mg/kg ± 0.2", ["3.6 mg/kg"]),
        ("0.05(以Pb计)mg/kg", ["0.05 mg/kg"]),
    ],
)
def test_results_are_read_as_printed(printed: str, expected: list[str]) -> None:
    """The ways in which published notices print results all read."""
    assert expected == readings(printed)


@pytest.mark.parametrize("printed", ["", " ", "/", "—", "--", "－"])
def test_an_empty_cell_is_no_result(printed: str) -> None:
    """Strokes and spaces stand for a cell without a result."""
    assert JudgementReason.NO_RESULT is reason(printed)


@pytest.mark.parametrize("printed", ["①1.2×10", "1.2×10", "1.2×10；3.4×10³CFU/g", "3.4×10³,1.2×10", "7.9×10CFU/g"])
def test_one_lost_exponent_spoils_the_result(printed: str) -> None:
    """A list in which one power lost its exponent is unclear as a whole."""
    assert JudgementReason.EXPONENT_LOST is reason(printed)


@pytest.mark.parametrize(
    "printed",
    [
        "标签中未标注成分或配料表且未提供说明书",
        "约2.3mg/kg",
        "0.2.3mg/kg",
        "2.3mg/kgs",
        "2.3 mg",
        "2.3mg/kg和2.4mg/kg",
        "1,072mg/kg",
        "3.0~4.0",
        "0.2 -0.3mg/kg",
        "0.2-0.3mg/kg",
        "≤10CFU/g",
        "初检结果：2.9mg/kg",
        "1" * 2000,
        "1;" * 1000,
    ],
)
def test_what_the_grammar_does_not_consume_is_unreadable(printed: str) -> None:
    """Nothing is read out of a text that is not understood to its end."""
    assert JudgementReason.RESULT_UNREADABLE is reason(printed)


def test_a_reinspection_is_read_beside_the_initial_result() -> None:
    """Initial and repeated results are kept apart."""
    expected = Result(
        (Reading(Kind.VALUE, Decimal("2.9"), "mg/kg"),),
        (Reading(Kind.VALUE, Decimal("2.7"), "mg/kg"),),
    )
    assert expected == read_result("初检结果：2.9mg/kg；复检结果：2.7mg/kg")
    assert expected == read_result("初检2.9mg/kg,复检:2.7mg/kg")


def test_a_detection_limit_behind_not_detected_is_kept() -> None:
    """The limit of detection that is printed in brackets belongs to the reading."""
    expected = Result((Reading(Kind.NOT_DETECTED, Decimal("0.5"), "µg/kg"),))
    for printed in ("未检出（＜0.5μg/kg）", "未检出，检出限0.5μg/kg", "未检出（定量限：0.5μg/kg）", "ND(LOD:0.5μg/kg)"):
        assert expected == read_result(printed)
    assert expected == read_result("ND(检出限：0.5μg/kg)")


def test_a_quantity_is_one_plain_value() -> None:
    """A limit of detection is a value; a list or a bound is none."""
    assert Reading(Kind.VALUE, Decimal("0.5"), "µg/kg") == read_quantity("0.5 ug/kg")
    assert [read_quantity(text) for text in ("", "<0.5mg/kg", "0.5;0.6mg/kg")] == [None, None, None]


@given(st.lists(st.integers(0, 99_999), min_size=5, max_size=5), st.sampled_from(SEPARATORS), st.booleans())
def test_five_counts_read_back_from_any_separator(counts: list[int], separator: str, each: bool) -> None:  # noqa: FBT001
    """Five counts come back whatever separates them, with the unit behind each or behind the last."""
    unit = "CFU/g"
    printed = separator.join(f"{count}{unit if each else ''}" for count in counts) + ("" if each else unit)
    assert [f"{count} CFU/g" for count in counts] == readings(printed)


@given(st.text(max_size=2000))
def test_no_text_breaks_the_grammar(text: str) -> None:
    """Whatever a laboratory prints comes out as a result or as unreadable."""
    assert isinstance(read_result(text), Result | Unreadable)


@pytest.mark.parametrize(
    "piece", ["1,", "(", "1.2×10 ", "(单位:", "检出", "1×10⁴", "<sup> ", "±1,1", "n1:", "①", "&lt;"]
)
def test_a_hostile_text_is_read_or_refused(piece: str) -> None:
    """Two thousand characters of anything end in an answer."""
    assert isinstance(read_result((piece * 2000)[:2000]), Result | Unreadable)
