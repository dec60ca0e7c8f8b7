"""Opening a file of text in the encoding that it has: UTF-8 or UTF-16 with a mark, UTF-8, else GB 18030.

Spreadsheet programs in China save CSV as GB 18030, and "Unicode text" as UTF-16. The file is looked through once, in
pieces, before it is read.
"""

import codecs
from pathlib import Path
from typing import TextIO

from partners.tables.faults import Fault, FaultyInputError

_PIECE = 1 << 20
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def open_text(path: Path) -> TextIO:
    """Open a file for reading with its line ends as they are; raises FaultyInputError where it is no text."""
    try:
        return path.open(encoding=_encoding_of(path), newline="")
    except OSError as error:
        raise FaultyInputError([Fault(str(path), f"cannot be read ({error.strerror}).")]) from error


def _encoding_of(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(3)
    marked = next((name for mark, name in _MARKS.items() if start.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        if _reads_as(path, encoding):
            return encoding
    text = "is no text in UTF-8, UTF-16 or GB 18030; save it as CSV UTF-8, or as a workbook (.xlsx)."
    raise FaultyInputError([Fault(str(path), text)])


def _reads_as(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True
