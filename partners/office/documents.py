"""Reading a file that a person wrote: JSON or TOML as a document; the complaint names the line."""

import json
import re
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from partners.tables.faults import Fault, FaultyInputError, faults_of, path_of

M = TypeVar("M", bound=BaseModel)


def text_of(path: Path) -> str:
    """The text of a file; raises FaultyInputError where it cannot be read."""
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise FaultyInputError([Fault(str(path), f"cannot be read ({error.strerror}).")]) from error
    except UnicodeDecodeError as error:
        text = f"is not UTF-8 at byte {error.start}; save it as UTF-8."
        raise FaultyInputError([Fault(str(path), text)]) from error


def document_of(path: Path) -> Any:
    """What a JSON or TOML file holds; numbers with a point stay exact. Raises FaultyInputError."""
    text = text_of(path)
    try:
        if path.suffix.lower() == ".toml":
            return tomllib.loads(text, parse_float=Decimal)
        return json.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise FaultyInputError([Fault(str(path), f"is no TOML: {error}.")]) from error
    except json.JSONDecodeError as error:
        where = f"{path}, line {error.lineno}, column {error.colno}"
        text = f"is no JSON here: {error.msg}; write JSON, or TOML in a file that ends in .toml."
        raise FaultyInputError([Fault(where, text)]) from error


def event_of(event: type[M], path: Path) -> M:
    """The one event that a JSON or TOML file holds; raises FaultyInputError with every fault and its line."""
    document = document_of(path)
    if not isinstance(document, dict):
        raise FaultyInputError([Fault(str(path), "holds no named fields; write each field with its name.")])
    try:
        return event.model_validate(document)
    except ValidationError as error:
        raise FaultyInputError(faults_of(error, lines_of(path))) from error


def lines_of(path: Path) -> Callable[[tuple[int | str, ...]], str]:
    """Says where a field stands in a file: its path, and in TOML the line on which its entry begins."""
    heads: dict[tuple[str, int], int] = {}
    keys: dict[str, int] = {}
    if path.suffix.lower() == ".toml":
        counts: dict[str, int] = {}
        for number, line in enumerate(text_of(path).splitlines(), start=1):
            if entry := re.match(r"\s*\[\[\s*([\w-]+)\s*\]\]", line):
                heads[entry[1], counts.get(entry[1], 0)] = number
                counts[entry[1]] = counts.get(entry[1], 0) + 1
            elif not counts and (key := re.match(r"\s*([\w-]+)\s*=", line)):
                keys[key[1]] = number

    def place(loc: tuple[int | str, ...]) -> str:
        line = None
        if len(loc) > 1 and isinstance(loc[0], str) and isinstance(loc[1], int):
            line = heads.get((loc[0], loc[1]))
        elif loc:
            line = keys.get(str(loc[0]))
        return f"{path.name}, line {line}, {path_of(loc)}" if line else f"{path.name}, {path_of(loc)}"

    return place
