"""What docs/joining.md shows of a program stands in that program, and its commands can be typed."""

import re
import shlex

import pytest
from typer.main import get_command

from services.command import commands
from tests.programs import EXAMPLES, JOINING

PAGE = JOINING.read_text("utf-8")
PROGRAMS = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.*")) if path.suffix in (".py", ".mjs")]


def test_excerpts_are_from_the_programs() -> None:
    """Each block of code is a piece of one of the programs, line by line."""
    blocks = re.findall(r"```(?:python|js)\n(.*?)```", PAGE, re.DOTALL)
    assert blocks
    for block in blocks:
        assert any(block in program for program in PROGRAMS), block


def test_every_program_is_named() -> None:
    """Who reads the page finds each program and each file of the folder."""
    given = {path.name for path in EXAMPLES.iterdir() if path.is_file()} - {"package.json", "package-lock.json"}
    assert set() == {name for name in given if name not in PAGE}
    typed = re.findall(r"(?:python|node) (\w+\.(?:py|mjs))", PAGE)
    assert typed
    assert set(typed) <= given


@pytest.mark.parametrize("line", re.findall(r"^shian ([^#\n]+)", PAGE, re.MULTILINE))
def test_command_can_be_typed(line: str) -> None:
    """The officer's and the sampler's lines are what the command takes."""
    command = get_command(commands)
    words = shlex.split(line)
    context = command.make_context("shian", words, resilient_parsing=True)
    for word in words[:2]:
        found = context.command.get_command(context, word)  # type: ignore[attr-defined]
        assert found is not None
        context = found.make_context(word, words[2:], parent=context, resilient_parsing=True)
