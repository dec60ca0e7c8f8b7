"""What the tables of the sampling service have in common."""

import hashlib
from collections.abc import Collection
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json
from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class SamplingTable(SQLModel, registry=registry()):
    """Base of the service's own tables."""


def digest_of(event: BaseModel, without: Collection[str] = (), always: Collection[str] = ()) -> str:
    """What tells an event that is said again from one with other content.

    A field at its default counts for nothing, so that an optional field of a later version changes no digest that is
    kept. ``without`` names fields that never count; ``always`` those that count even at their default, at any depth.
    """
    everything = event.model_dump(mode="json", exclude=set(without))
    given = event.model_dump(mode="json", exclude=set(without), exclude_defaults=True)
    return hashlib.blake2b(to_json(_counting(everything, given, always)), digest_size=16).hexdigest()


def _counting(everything: Any, given: Any, always: Collection[str]) -> Any:
    if isinstance(everything, dict):
        counting = (name for name in everything if name in given or name in always)
        return {name: _counting(everything[name], given.get(name, everything[name]), always) for name in counting}
    if isinstance(everything, list):
        return [_counting(whole, part, always) for whole, part in zip(everything, given, strict=True)]
    return everything
