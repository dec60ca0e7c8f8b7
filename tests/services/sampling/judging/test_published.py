"""All published failures: what each comes out as, and the list of those that a person must decide."""

from decimal import Decimal

from shared.contracts.sample import JudgementReason, LegalClass, Verdict
from tests.services.sampling.judging.published import GOLDEN, golden, judged, listed, source, unclear_rows

REASON = JudgementReason
EXPECTED = {
    "no_values_published": (Verdict.UNCLEAR, REASON.NO_RESULT),
    "truncated": (Verdict.UNCLEAR, REASON.EXPONENT_LOST),
    "limit_corrupt": (Verdict.UNCLEAR, REASON.LIMIT_CORRUPT),
    "text_only": (Verdict.UNCLEAR, REASON.LABEL_CASE),
    "limit_without_comparator": (Verdict.FAIL, REASON.ABOVE_MAXIMUM),
}
CLASSES = {
    "禁用清单 banned_list": LegalClass.PROHIBITED,
    "治疗用不得检出 therapy_only": LegalClass.TREATMENT_ONLY,
    "停用 discontinued": LegalClass.DISCONTINUED,
}


def test_every_row_comes_out_as_the_golden_file_keeps_it() -> None:
    """No verdict, reason, limit, ratio or legal class changes unnoticed."""
    assert GOLDEN.read_text(encoding="utf-8") == golden()


def test_the_page_lists_every_unclear_row_and_why() -> None:
    """The list in docs/judgement.md is the one of today."""
    assert listed() == unclear_rows()
    assert listed().count("\n| F") == 47


def test_every_row_with_figures_comes_out_as_recomputed() -> None:
    """Rows whose figures were parsed by hand fail or pass as those do."""
    readable = [row_id for row_id, row in source().items() if row["parse_status"] == "ok"]
    assert len(readable) > 140
    assert [source()[row_id]["reevaluated"] for row_id in readable] == [
        judged()[row_id]["verdict"] for row_id in readable
    ]


def test_every_row_that_lost_something_is_unclear_for_that() -> None:
    """Truncated, corrupt, empty and text rows have their reason; a bare limit of a residue is a maximum."""
    others = {row_id: row["parse_status"] for row_id, row in source().items() if row["parse_status"] != "ok"}
    answers = {row_id: (judged()[row_id]["verdict"], judged()[row_id]["reason"]) for row_id in others}
    assert {row_id: EXPECTED[status] for row_id, status in others.items()} == answers


def test_the_slip_of_a_notice_passes() -> None:
    """61.1 mg/kg against at most 200 mg/kg was published as failing, and keeps its limit."""
    assert ["F0072"] == [row_id for row_id, row in judged().items() if row["verdict"] == Verdict.PASS]


def test_ratios_are_those_of_the_parsed_figures() -> None:
    """The ratio agrees with the one computed from the parsed fields, to the digits that those print."""
    for row_id, row in source().items():
        ratio = judged()[row_id]["ratio"]
        assert bool(ratio) == bool(row["exceed_ratio"]), row_id
        if ratio:
            assert abs(Decimal(ratio) / Decimal(row["exceed_ratio"]) - 1) <= Decimal("0.006"), row_id


def test_the_legal_classes_are_those_of_the_table() -> None:
    """Prohibited, treatment-only and discontinued drugs are those that the table groups so, and no others."""
    for row_id, row in source().items():
        expected = CLASSES.get(row["hazard_group"])
        found = judged()[row_id]["legal_class"]
        assert found == expected if expected else found in ("", LegalClass.LIMITED), row_id


def test_every_decision_names_its_limit() -> None:
    """A row that passes or fails says by which limit, and who stated it; every row says why in a sentence."""
    decided = [row for row in judged().values() if row["verdict"] != Verdict.UNCLEAR]
    assert all(row["limit_used"] and row["limit_source"] != "none" for row in decided)
    assert all(row["explanation"].endswith(".") for row in judged().values())
