"""What docs/offices.md shows is what the commands take."""

import re
from pathlib import Path

from typer.main import get_command

from partners.notify.recipients import read_recipients
from partners.office.entries import event_with
from partners.office.plan import LINES
from services.command import commands
from shared.contracts import PlanAdopted

PAGE = (Path(__file__).parents[3] / "docs" / "offices.md").read_text("utf-8")


def written(folder: Path, number: int) -> Path:
    """One of the page's TOML blocks as a file."""
    block = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[number]
    path = folder / "example.toml"
    path.write_text(block, "utf-8")
    return path


def test_plan_of_the_page_can_be_adopted(tmp_path: Path) -> None:
    """The example of a plan is one."""
    plan = event_with(PlanAdopted, LINES, written(tmp_path, 0), None)
    assert ("PLAN-2026", [40, 12]) == (plan.plan_no, [line.samples for line in plan.lines])


def test_recipients_of_the_page_can_be_told(tmp_path: Path) -> None:
    """The example of a recipients file is one, and its filter tells the officer of failures and clocks only."""
    officer, head = read_recipients(written(tmp_path, 1)).to
    types = ("food.sample.failed.v1", "food.clock.missed.v1", "food.alert.raised.v1")
    assert [(True, True, False), (False, True, True)] == [
        tuple(one.wants(type_) for type_ in types) for one in (officer, head)
    ]


def test_every_command_of_the_page_exists_with_its_options() -> None:
    """Each line that the page tells people to type names a command that there is, and options that it has."""
    typed = re.findall(r"shian ([a-z-]+ [a-z-]+)((?:[^`#\n]|\\\n)*)", re.sub(r"`shian (notify|judge)[^`]*`", "", PAGE))
    groups = get_command(commands).commands  # type: ignore[attr-defined]
    assert len(typed) > 15
    for path, rest in typed:
        group, name = path.split()
        options = {name for option in groups[group].commands[name].params for name in option.opts}
        assert set() == set(re.findall(r"--[a-z-]+", rest)) - options, path
