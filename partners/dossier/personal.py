"""Personal data: fields that hold it carry a mark, so that it can be listed, looked for and kept out of events."""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, get_args

from pydantic import BaseModel

_LEAST = 2
"""Characters below which a value says nothing: a surname alone stands in too many words."""
_BETWEEN = re.compile(r"[\s\-_.·•()（）+]+")


@dataclass(frozen=True, slots=True)
class PersonalData:
    """The mark of a field that holds personal data."""


Personal = Annotated[str, PersonalData()]
"""A text that names a person, or leads to one: it may stand in the evidence folder only."""


@functools.cache
def marked_fields(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model, at any depth, that hold personal data: ``person.name``."""
    return tuple(dict.fromkeys(_marked(model, "", ())))


def personal_values(model: BaseModel) -> Iterator[tuple[str, str]]:
    """Each piece of personal data that a document holds, with where it stands: ``person P1, name``."""
    return _values(model, "")


def found_in(text: str, model: BaseModel) -> tuple[str, ...]:
    """What of a document's personal data stands in a free text, by where it stands in the document, never by value."""
    plain = _plain(text)
    return tuple(dict.fromkeys(where for where, value in personal_values(model) if _stands_in(value, plain)))


def _marked(model: type[BaseModel], path: str, above: tuple[type[BaseModel], ...]) -> Iterator[str]:
    above = (*above, model)
    for name, field in model.model_fields.items():
        where = f"{path}{field.alias or name}"
        if any(isinstance(mark, PersonalData) for mark in (*field.metadata, *_inside(field.annotation))):
            yield where
        for part in _inside(field.annotation):
            if isinstance(part, type) and issubclass(part, BaseModel) and part not in above:
                yield from _marked(part, f"{where}.", above)


def _inside(annotation: Any) -> Iterator[Any]:
    """An annotation and all that it is made of: the types and marks within unions, lists and Annotated."""
    yield annotation
    for part in get_args(annotation):
        yield from _inside(part)


def _values(model: BaseModel, path: str) -> Iterator[tuple[str, str]]:
    own = {name.partition(".")[0] for name in marked_fields(type(model)) if "." not in name}
    for name, field in type(model).model_fields.items():
        alias = field.alias or name
        for value in _each(getattr(model, name)):
            if isinstance(value, BaseModel):
                yield from _values(value, f"{path}{alias} {getattr(value, 'ref', '')}".rstrip() + ", ")
            elif alias in own and value is not None:
                yield f"{path}{alias}", str(value)


def _each(value: Any) -> Iterable[Any]:
    return value if isinstance(value, tuple | list) else (value,)


def _stands_in(value: str, plain: str) -> bool:
    sought = _plain(value)
    return len(sought) >= _LEAST and sought in plain


def _plain(text: str) -> str:
    """A text without what people write differently: spaces, hyphens, full-width figures, capitals."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()
