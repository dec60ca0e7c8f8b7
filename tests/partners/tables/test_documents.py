"""JSON is read entry by entry, with the line of each, and its figures stay as they are written."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.tables.documents import entries_of
from partners.tables.faults import FaultyInputError


def read(folder: Path, text: str) -> list[tuple[int, Any]]:
    """The entries of a text."""
    path = folder / "t.json"
    path.write_text(text, "utf-8")
    return list(entries_of(path))


@given(entries=st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=5), max_size=20))
@pytest.mark.parametrize("indent", [None, 2])
def test_array_and_lines_hold_the_same(
    tmp_path_factory: pytest.TempPathFactory, entries: Any, indent: int | None
) -> None:
    """An array, however it is laid out, and JSON lines give the entries that were written."""
    folder = tmp_path_factory.mktemp("json")
    lines = "\n".join(json.dumps(entry) for entry in entries)
    assert entries == [entry for _, entry in read(folder, json.dumps(entries, indent=indent, ensure_ascii=False))]
    assert list(enumerate(entries, start=1)) == read(folder, lines)


def test_figures_stay_as_written(tmp_path: Path) -> None:
    """0.10 is not 0.1, and no figure of a long number is lost."""
    assert [(1, {"a": "0.10", "b": "210283190000012345", "c": "1.0E4"})] == read(
        tmp_path, '{"a": 0.10, "b": 210283190000012345, "c": 1.0E4}'
    )


def test_entry_longer_than_a_piece(tmp_path: Path) -> None:
    """An entry that is read in several pieces is whole, and the next one's line is right."""
    entries = [{"a": "x" * 200_000}, {"a": "y"}]
    assert [(2, entries[0]), (2, entries[1])] == read(tmp_path, "[\n" + ",".join(map(json.dumps, entries)) + "]")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[{"a": "1"},\n{"a" "2"}]', "line 2: this is no JSON"),
        ('[{"a": "1"},\n', "line 2: the file ends within its list"),
        ('[{"a": "1"}]\n[]', "line 2: more stands behind the end of the list"),
        ('{"a": "1", "a": "2"}', "line 1: this is no entry: a field stands twice"),
        ('{"a": NaN}', "line 1: this is no entry: NaN is no figure"),
        ("[" * 100_000, "line 1: this is no entry"),
    ],
)
def test_file_that_is_no_json(tmp_path: Path, text: str, says: str) -> None:
    """The line is named, and that what follows was not read."""
    with pytest.raises(FaultyInputError, match=f"{says}.*; what follows was not read"):
        read(tmp_path, text)
