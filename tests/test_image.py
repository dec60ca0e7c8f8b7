"""What the image is built from: what the Dockerfile copies reaches the builder, and every package is copied."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def copied() -> set[str]:
    """What the Dockerfile copies from the tree."""
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    return {name for line in lines for name in line.split()}


def test_what_is_copied_reaches_the_builder() -> None:
    """Nothing is left out by .dockerignore, and nothing else is let through."""
    let_through = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    assert copied() == set(let_through)


def test_every_package_is_copied() -> None:
    """The wheel is built from whole packages."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) <= copied()


def test_image_is_small_nobodys_and_says_what_it_is() -> None:
    """The last stage takes only what was installed, without pip, runs as a user of its own, and names its commit."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    build, _, last = text.partition("\nFROM python:3.13.15-slim-trixie\n")
    assert "venv --without-pip" in build
    assert ["COPY --from=build /opt/shian /opt/shian"] == re.findall(r"^COPY .+", last, re.MULTILINE)
    assert re.findall(r"^USER (\S+)", last, re.MULTILINE) == ["shian"]
    assert "org.opencontainers.image.revision=$REVISION" in last
    assert "SHIAN_REVISION=$REVISION" in last
