"""Reading a JSON array, or JSON lines, entry by entry, without ever holding the whole.

Figures come out as the text that stands in the file: ``0.10`` stays ``0.10``.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TextIO

from partners.tables.faults import Fault, FaultyInputError
from partners.tables.text import open_text

KINDS = (".json", ".jsonl", ".ndjson")
_PIECE = 1 << 16
_LONGEST = 1 << 22
_BETWEEN = re.compile(r"[\s,]*")


def entries_of(path: Path) -> Iterator[tuple[int, Any]]:
    """Each entry with the line on which it begins; raises FaultyInputError where the file is no JSON from there on."""
    with open_text(path) as file:
        window = _Window(file, path)
        is_array = window.next_character() == "["
        if is_array:
            window.skip(1)
        while character := window.next_character():
            if is_array and character == "]":
                window.skip(1)
                if window.next_character():
                    window.fail("more stands behind the end of the list; leave it out")
                return
            yield window.line, window.entry()
        if is_array:
            window.fail("the file ends within its list; it is not whole")


def _constant(name: str) -> NoReturn:
    message = f"{name} is no figure"
    raise ValueError(message)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        message = "a field stands twice in one entry"
        raise ValueError(message)
    return fields


@dataclass(slots=True)
class _Window:
    """The piece of a file that is being read."""

    file: TextIO
    path: Path
    line: int = 1
    _text: str = ""
    _at: int = 0
    _decoder: json.JSONDecoder = json.JSONDecoder(  # noqa: RUF009 - it has no state
        parse_float=str, parse_int=str, parse_constant=_constant, object_pairs_hook=_once
    )

    def next_character(self) -> str:
        """The next character that is no space and no comma; empty at the end of the file."""
        while True:
            match = _BETWEEN.match(self._text, self._at)
            self.skip(match.end() - self._at if match else 0)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def entry(self) -> Any:
        """The entry that begins here."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if len(self._text) - self._at < _LONGEST and self._more():
                    continue
                self.skip(max(error.pos - self._at, 0))
                self.fail(f"this is no JSON: {error.msg}")
            except (ValueError, RecursionError) as error:
                self.fail(f"this is no entry: {error}")
            self.skip(end - self._at)
            return value

    def skip(self, count: int) -> None:
        """Go on by so many characters."""
        self.line += self._text.count("\n", self._at, self._at + count)
        self._at += count

    def fail(self, text: str) -> NoReturn:
        """Complain of this place."""
        raise FaultyInputError([Fault(f"{self.path.name}, line {self.line}", f"{text}; what follows was not read.")])

    def _more(self) -> bool:
        piece = self.file.read(_PIECE)
        self._text = self._text[self._at :] + piece
        self._at = 0
        return bool(piece)
