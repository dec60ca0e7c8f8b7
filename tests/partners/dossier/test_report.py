"""An officer's file: read whole, or refused with every fault and its line."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from partners.dossier.report import report_of
from partners.tables.faults import FaultyInputError
from tests.partners.dossier.writing import GOODS, HEAD, case_report, written

ROLES = "suspect, witness, informant or legal_representative"


def faults(folder: Path, text: str) -> list[str]:
    """What is wrong with a file."""
    with pytest.raises(FaultyInputError) as caught:
        report_of(written(folder, text))
    return list(map(str, caught.value.faults))


def test_file_is_read_with_exact_amounts_and_days(tmp_path: Path) -> None:
    """Amounts stay exact, days are days, and each entry is there."""
    report = case_report(tmp_path)
    assert date(2026, 3, 4) == report.written_on
    assert (Decimal("1250.50"), Decimal("18757.50")) == (report.goods[0].quantity, report.goods[0].value_yuan)
    assert ["P1", "P2", "P3"] == [person.ref for person in report.persons]
    assert ["O001", "O002"] == [officer.ref for officer in report.officers]


def test_every_fault_is_named_with_its_line(tmp_path: Path) -> None:
    """A misspelt field, a wrong amount, day, role and identity number are all said at once, each with its line."""
    text = (
        (HEAD + GOODS)
        .replace("written_on = 2026-03-04", 'written_on = "soon"')
        .replace('procuratorate = "', 'procurator = "')
        .replace('role = "witness"', 'role = "neighbour"')
        .replace("210283198001011231", "210283198001011232")
        .replace("quantity = 1250.50", "quantity = -1")
        .replace("value_yuan = 18757.50", "value_yuan = 0.001")
    )
    found = faults(tmp_path, text)
    assert [
        ("line 4, written_on", "'soon' is no day; write it as 2026-11-24."),
        ("procuratorate", "is empty and has to be filled in."),
        (
            "line 28, person, entry 1, identity_no",
            "the last character does not fit the figures before it; compare it with the identity card.",
        ),
        ("line 36, person, entry 2, role", f"'neighbour' is none of the words that may stand here: {ROLES}."),
        ("line 67, goods, entry 1, quantity", "'-1' must be above 0."),
        ("line 67, goods, entry 1, value_yuan", "'0.001' has more than 2 figures behind the point; round it."),
        (
            "line 8, procurator",
            "stands in a field that this request does not have; leave it out, or mend the field's name.",
        ),
    ] == [tuple(fault.removeprefix("report.toml, ").split(": ", 1)) for fault in found]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('ref = "P2"', 'ref = "P1"', "P1 stands twice; give each its own"),
        ('ref = "O002"', 'ref = "O001"', "O001 stands twice; give each its own"),
        (
            'kind = "test_report"',
            'kind = "goods_list"',
            "TEST-01 is of a kind that is made from this file; leave it out",
        ),
        ('legal_representative = "P1"', 'legal_representative = "P9"', "P0001 names P9, who is no person of this file"),
        ("举报人P3提供", "欧阳暗香提供", "a printed text says who informant P3 is; write P3 instead"),
        (
            'proposal = "',
            'opinion_pending = "The opinion on 赵永强 is awaited."\nproposal = "',
            "opinion_pending goes into an event and says what stands in person P1, name; write the reference instead",
        ),
    ],
)
def test_file_must_be_of_one_piece(tmp_path: Path, old: str, new: str, words: str) -> None:
    """References are unique and lead somewhere, and nothing gives away who must not be named."""
    assert old in HEAD
    (fault,) = faults(tmp_path, HEAD.replace(old, new) + GOODS)
    assert words in fault


def test_somebody_is_suspected(tmp_path: Path) -> None:
    """A file in which nobody is suspected is refused."""
    text = HEAD[: HEAD.index("[[operator]]")].replace('"suspect"', '"witness"') + HEAD[HEAD.index("[[ground]]") :]
    (fault,) = faults(tmp_path, text + GOODS)
    assert "nobody is suspected; name an operator, or a person whose role is suspect" in fault


@pytest.mark.parametrize("entry", ["officer", "ground", "evidence", "goods"])
def test_list_that_the_law_asks_for_is_not_empty(tmp_path: Path, entry: str) -> None:
    """Two officers, a ground, evidence and goods have to be there."""
    text = "\n[[".join(part for part in (HEAD + GOODS).split("\n[[") if not part.startswith(f"{entry}]]"))
    assert [f"report.toml, {entry}: is empty and has to be filled in."] == faults(tmp_path, text)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "  "), ("name", "a" * 201), ("name", "a\\nb"), ("telephone", "call me"), ("identity_no", "21")],
)
def test_bounds_of_a_person(tmp_path: Path, field: str, value: str) -> None:
    """A blank, endless or senseless value is refused where it stands."""
    name = "" if field == "name" else 'name = "钱"'
    other = f'[[person]]\nref = "P4"\nrole = "witness"\n{name}\n'
    (fault,) = faults(tmp_path, f'{HEAD}{other}{field} = "{value}"\n{GOODS}')
    assert f"person, entry 4, {field}: " in fault
