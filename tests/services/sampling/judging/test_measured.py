"""The sheet of a report: its determinations, each read once."""

from datetime import date
from decimal import Decimal

from services.sampling.judging.basis import Basis
from services.sampling.judging.limits import NOT_FOUND
from services.sampling.judging.measured import Sample, sheet
from services.sampling.judging.notation import Unreadable
from shared.contracts.result import Determination
from tests.services.sampling.judging.made import two_editions

LINES = (
    Determination(analyte="镉(以Cd计)", result="1.1mg/kg", limit="≤0.5mg/kg", lod="0.01mg/kg"),
    Determination(analyte="铝的残留量（干样品，以Al计）", result="90mg/kg", limit=""),
    Determination(analyte="水分(g/100g)", result="20", limit=""),
    Determination(analyte="铅", result="0.1mg/kg", limit=""),
    Determination(analyte="铅(Pb)", result="约0.1", limit=""),
)
SHEET = sheet(Sample("皮皮虾", "食用农产品", made_on=date(2023, 6, 29)), LINES, two_editions())


def test_each_determination_is_read() -> None:
    """Result, limit, limit of detection, basis and substance are there, or why they cannot be read (made)."""
    cadmium, aluminium, *_, last = SHEET.lines
    assert (cadmium.analyte.name, str(cadmium.stated)) == ("镉", "≤0.5 mg/kg")
    assert str(cadmium.detection_limit) == "0.01 mg/kg"
    assert (cadmium.basis, aluminium.basis) == (None, Basis.DRY)
    assert isinstance(last.result, Unreadable)


def test_a_determination_is_found_by_its_substance_if_it_is_the_only_one() -> None:
    """Of two determinations of one substance neither is the one (made)."""
    assert SHEET.line("镉") is SHEET.lines[0]
    assert SHEET.line("铅") is None
    assert SHEET.line("锡") is None


def test_the_share_of_a_basis_comes_from_the_same_sheet() -> None:
    """A moisture of 20 % leaves four fifths, with the unit of its column; nobody measured the fat (made)."""
    assert SHEET.share(Basis.DRY) == Decimal("0.8")
    assert SHEET.share(Basis.FAT) is None
    assert SHEET.share(Basis.AS_IS) is None


def test_the_catalogue_is_asked_for_the_sample() -> None:
    """Food and production date are those of the sample (made)."""
    decides = SHEET.found("镉").decides
    assert decides is not None
    assert decides.row_id == "old"
    assert NOT_FOUND == SHEET.found("铅")
