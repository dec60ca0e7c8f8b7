"""Reading a JSON or TOML file as one event: every fault is named with its line."""

from decimal import Decimal
from pathlib import Path

import pytest

from partners.office.documents import document_of, event_of
from partners.tables.faults import FaultyInputError
from shared.contracts import ReinspectionReported

CONCLUSION = """
reinspection_no = "R-1"
sample_no = "S-1"
report_no = "RR-1"
concluded_on = 2026-03-18

[[determinations]]
analyte = "孔雀石绿"
result = "未检出"
limit = "不得检出"
lod = "0.5μg/kg"
"""


STRANGE = "stands in a field that this request does not have; leave it out, or mend the field's name."


def written(tmp_path: Path, text: str, name: str = "conclusion.toml") -> Path:
    """A file."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_toml_and_json_make_the_same_event(tmp_path: Path) -> None:
    """What is written in either form is the same event."""
    event = event_of(ReinspectionReported, written(tmp_path, CONCLUSION))
    again = event_of(ReinspectionReported, written(tmp_path, event.model_dump_json(), "conclusion.json"))
    assert ("孔雀石绿", event) == (event.determinations[0].analyte, again)


def test_number_with_a_point_stays_exact(tmp_path: Path) -> None:
    """A figure does not become a binary fraction on the way."""
    assert {"value": Decimal("0.1")} == document_of(written(tmp_path, "value = 0.1"))
    assert {"value": Decimal("0.1")} == document_of(written(tmp_path, '{"value": 0.1}', "value.json"))


def test_every_fault_is_named_with_its_line(tmp_path: Path) -> None:
    """A field of the head stands on its own line, one of an entry on the line where the entry begins."""
    text = (
        CONCLUSION.replace("2026-03-18", '"soon"').replace('result = "未检出"', "result = 0.3").replace("lod", "lots")
    )
    with pytest.raises(FaultyInputError) as caught:
        event_of(ReinspectionReported, written(tmp_path, text))
    assert [
        "conclusion.toml, line 5, concluded_on: 'soon' is no day; write it as 2026-11-24.",
        "conclusion.toml, line 7, determinations, entry 1, result: '0.3' is no text; write it in quotation marks.",
        f"conclusion.toml, line 7, determinations, entry 1, lots: {STRANGE}",
    ] == [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.toml", None, "cannot be read"),
        ("bad.toml", b"a = = 1", "is no TOML: .*line 1"),
        ("bad.json", b'{"a": 1,\n "b" 2}', "line 2, column 6: is no JSON here"),
        ("list.json", b"[1]", "holds no named fields"),
        ("gbk.toml", "名 = 1".encode("gb18030"), "is not UTF-8 at byte 0; save it as UTF-8"),
    ],
)
def test_what_is_no_document_is_said_to_be_none(tmp_path: Path, name: str, content: bytes | None, words: str) -> None:
    """Each file that cannot be read is refused with its reason."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FaultyInputError, match=words):
        event_of(ReinspectionReported, path)
