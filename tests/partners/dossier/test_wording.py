"""The words of the documents."""

from datetime import date
from decimal import Decimal

import pytest

from partners.dossier.wording import day, legal_basis, number, paragraphs, titles, yuan
from shared.contracts import EvidenceKind


def test_every_kind_of_evidence_has_a_title() -> None:
    """Each kind that the contract knows is called something."""
    assert set(EvidenceKind) == set(titles())


def test_legal_basis_names_each_act_once() -> None:
    """The letter names both acts with their articles, all of which were checked."""
    assert (
        "《中华人民共和国行政处罚法》第二十七条和"
        "《行政执法机关移送涉嫌犯罪案件的规定》（国务院令第310号）第三条、第五条、第六条"
    ) == legal_basis(EvidenceKind.TRANSFER_LETTER)


@pytest.mark.parametrize(("value", "expected"), [("2.50", "2.5"), ("100", "100"), ("1E+3", "1000"), ("0.100", "0.1")])
def test_quantity_has_no_trailing_zeros(value: str, expected: str) -> None:
    """A quantity is written as people write it."""
    assert expected == number(Decimal(value))


def test_days_and_amounts() -> None:
    """Days and amounts are written as documents have them."""
    assert ("2026年3月4日", "62,000.00", "—") == (day(date(2026, 3, 4)), yuan(Decimal(62000)), yuan(None))


def test_paragraphs_lose_their_indents() -> None:
    """Each line is a paragraph; indents and empty lines are the page's business."""
    assert ["甲 乙", "丙"] == paragraphs("\n　　甲\t乙\n\n  丙　\n")
