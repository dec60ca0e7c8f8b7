"""The contracts are kept: a version's schema never changes but for new optional fields, and old examples stay readable.

``SHIAN_WRITE_GOLDEN=1`` writes the golden files of new events and of added optional fields.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from shared.asyncapi import example_document
from shared.contracts import CATALOGUE, Entry
from shared.contracts.examples import example_of
from shared.envelope import envelope_of

GOLDEN = Path(__file__).with_name("golden")
WRITE = os.environ.get("SHIAN_WRITE_GOLDEN") == "1"


def schema_of(entry: Entry) -> dict[str, Any]:
    """The JSON schema of an event's envelope."""
    schema: dict[str, Any] = envelope_of(entry.event).model_json_schema()
    return schema


def breaks(old: Any, new: Any, path: str = "") -> list[str]:
    """What of the old schema the new one does not keep; properties may be added, requirements may not."""
    if isinstance(old, dict) and isinstance(new, dict):
        faults = [f"{path}/{key} is gone" for key in old if key not in new and key not in ("required", "default")]
        added = set(new.get("required", [])) - set(old.get("required", []))
        faults += [f"{path}/{name} is newly required" for name in sorted(added) if "properties" in old]
        return faults + [
            fault
            for key in old
            if key in new and key not in ("required", "description", "title")
            for fault in breaks(old[key], new[key], f"{path}/{key}")
        ]
    if isinstance(old, list) and isinstance(new, list):
        return [f"{path}: {item} is gone" for item in old if item not in new]
    return [] if old == new else [f"{path} was {old!r} and is {new!r}"]


def ids(entry: Entry) -> str:
    """The name of a case: the event's type."""
    return entry.type


@pytest.mark.parametrize("entry", CATALOGUE, ids=ids)
def test_schema_is_kept(entry: Entry) -> None:
    """The schema of a version keeps everything that its golden file has."""
    path, schema = GOLDEN / f"{entry.type}.schema.json", schema_of(entry)
    text = json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    faults = breaks(json.loads(path.read_text("utf-8")), schema) if path.exists() else []
    assert faults == [], f"{entry.type} changed; make a new version beside it"
    if WRITE:
        path.write_text(text, "utf-8")
    assert path.exists(), f"{entry.type} is new: write its golden file with SHIAN_WRITE_GOLDEN=1"
    assert path.read_text("utf-8") == text, "optional field added: SHIAN_WRITE_GOLDEN=1 writes the golden file"


def of_what_is_in(kept: Any, read: Any) -> Any:
    """What was read, without the fields that the kept document does not have, at any depth."""
    if isinstance(kept, dict) and isinstance(read, dict):
        return {key: of_what_is_in(kept[key], read[key]) for key in kept if key in read}
    if isinstance(kept, list) and isinstance(read, list) and len(kept) == len(read):
        return [of_what_is_in(one, other) for one, other in zip(kept, read, strict=True)]
    return read


@pytest.mark.parametrize("entry", CATALOGUE, ids=ids)
def test_old_example_is_read(entry: Entry) -> None:
    """The golden example of every version is still read, and reads back to the same content."""
    path = GOLDEN / f"{entry.type}.example.json"
    if WRITE and not path.exists():
        example = example_of(entry.event)
        document = example_document(example)
        path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")
    kept_document = path.read_bytes()
    envelope = envelope_of(entry.event).model_validate_json(kept_document)
    kept = json.loads(kept_document)["data"]
    read: dict[str, Any] = envelope.data.model_dump(mode="json")
    assert of_what_is_in(kept, read) == kept


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"properties": {"a": {"type": "string"}}}, {"properties": {"a": {"type": "integer"}}}),
        ({"properties": {"a": {}}}, {"properties": {}}),
        ({"properties": {}}, {"properties": {"a": {}}, "required": ["a"]}),
        ({"enum": ["x", "y"]}, {"enum": ["x"]}),
    ],
)
def test_break_is_seen(old: dict[str, Any], new: dict[str, Any]) -> None:
    """A changed type, a removed field, a new requirement and a removed value are each called a break."""
    assert breaks(old, new) != []


def test_added_optional_field_is_no_break() -> None:
    """A field that may be left out can be added to a version."""
    assert breaks({"properties": {}}, {"properties": {"a": {}}}) == []
