"""From a template and its data to a PDF, by typst: the same input gives the same bytes.

What people wrote reaches a template as data only (JSON in ``sys.inputs``) and is never read as typst's own language.
The PDF is PDF/A-2u, the form for archives in which every font is embedded and all text can be read back.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from importlib import resources
from pathlib import Path
from typing import Any, cast

import typst

from partners.dossier.fonts import Typefaces, cannot_show, typefaces
from shared.failure import CannotStartError

MEDIA_TYPE = "application/pdf"
_NOT_SHOWN = re.compile(r"the text `\"(.*)\"` could not be displayed", re.DOTALL)
_LOOKS_LIKE_ANOTHER = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
"""Radicals and compatibility forms that look like a character of everyday use, as text copied from a PDF has them."""


def pdf_of(template: str, data: Mapping[str, Any], on: date, faces: Typefaces | None = None) -> bytes:
    """Render a template of this package; raises CannotStartError where a character cannot be shown."""
    faces = faces or typefaces()
    plain = _everyday(data)
    faces.require("".join(_texts(plain)))
    with resources.as_file(resources.files("partners.dossier").joinpath("templates")) as folder:
        faces.require("".join("".join(path.read_text("utf-8").splitlines()) for path in Path(folder).glob("*.typ")))
        compiler = typst.Compiler(folder / f"{template}.typ", root=folder, font_paths=faces.loaded)
        inputs = {"fonts": list(faces.families), "on": [on.year, on.month, on.day], **plain}
        try:
            pdf = compiler.compile(
                format="pdf",
                sys_inputs={"data": json.dumps(inputs, ensure_ascii=False, sort_keys=True)},
                pdf_standards=["a-2u"],
                timestamp=datetime.combine(on, time(), UTC),
            )
        except typst.TypstError as error:
            if (match := _NOT_SHOWN.search(str(error))) is None:
                raise
            raise CannotStartError(cannot_show(sorted(set(match[1])))) from error
    return cast("bytes", pdf)


def _everyday(value: Any) -> Any:
    if isinstance(value, str):
        return _LOOKS_LIKE_ANOTHER.sub(lambda found: unicodedata.normalize("NFKC", found[0]), value)
    if isinstance(value, Mapping):
        return {key: _everyday(part) for key, part in value.items()}
    return [_everyday(part) for part in value] if isinstance(value, list | tuple) else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(part)
