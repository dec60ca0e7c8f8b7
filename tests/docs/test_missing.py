"""What a partner forgot is one sentence that says what to do, and no error of the language."""

from pathlib import Path

import pytest

from tests.programs import Example

PROGRAMS = {"laboratory": ["L0142", "report.json"], "insurer": ["I007", "policy.json"], "authority": ["210283"]}
each_program = pytest.mark.parametrize("name", list(PROGRAMS))


@pytest.mark.parametrize("name", [*PROGRAMS, "keygen"])
async def test_nothing_was_given(example: Example, name: str) -> None:
    """A program without its arguments says what they are."""
    code, said = await example(name)
    assert 1 == code
    assert said.startswith(f"usage: {'python' if example.language == 'python' else 'node'} {name}.")
    assert 1 == len(said.splitlines())


@each_program
async def test_key_is_missing(example: Example, name: str, tmp_path: Path) -> None:
    """Without a key the sentence names the place and the program that makes one."""
    code, said = await example(name, *PROGRAMS[name], keys=tmp_path / "none")
    assert 1 == code
    assert f"There is no file {tmp_path}/none/" in said
    assert "make a key with keygen." in said
    assert 1 == len(said.splitlines())


@pytest.mark.parametrize("name", ["laboratory", "insurer"])
async def test_document_is_missing_or_none(example: Example, name: str) -> None:
    """A report or policy that is not there, or is no JSON, is named, and nothing is kept as sent."""
    code, said = await example(name, PROGRAMS[name][0], "other.json")
    assert (1, 1) == (code, len(said.splitlines()))
    assert said.startswith("There is no file other.json: give the path of your ")
    (example.folder / "other.json").write_text("no JSON", "utf-8")
    code, said = await example(name, PROGRAMS[name][0], "other.json")
    assert (1, 1) == (code, len(said.splitlines()))
    assert said.startswith("other.json is no ")
    assert [] == example.documents("sent")
