"""The reference documentation, written from what the code holds.

In ``docs``: ``events.md``, ``path.md``, ``clocks.md``, ``metrics.md``, and the AsyncAPI document with its page.

``python -m services.reference`` writes them; with ``--check`` it only says which are not fresh, and fails.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path

from services.enforcement import deadlines as of_cases
from services.metrics_reference import metrics_page
from services.sampling import deadlines as of_samples
from shared import asyncapi
from shared.asyncapi import address_template, example_document
from shared.contracts import CATALOGUE, Entry
from shared.contracts.examples import example_of

ROOT = Path(__file__).parent.parent
NOTE = "<!-- Written by `python -m services.reference` from the catalogue of events; do not edit. -->"
CLOCKS_NOTE = "<!-- Written by `python -m services.reference` from the table of periods; do not edit. -->"
METRICS_NOTE = "<!-- Written by `python -m services.reference` from the programs' metrics; do not edit. -->"
AUTHORITIES = {
    "police": "police",
    "procuratorate": "procuratorate",
    "insurer": "insurers",
    "lab": "laboratories",
    "sampler": "samplers",
    "officer": "officers",
    "head": "head",
}


def events_page() -> str:
    """``docs/events.md``: every event with who tells and hears it, its subject, fields and an example."""
    lines = ["# Events", "", NOTE, ""]
    lines += ["For tools, the same is one AsyncAPI document, [asyncapi.json](asyncapi.json).", ""]
    lines += ["| event | told by | heard by | stream | subject |", "|---|---|---|---|---|"]
    lines += [_row(entry) for entry in CATALOGUE]
    for entry in CATALOGUE:
        lines += _section(entry)
    return "\n".join(lines) + "\n"


def path_page() -> str:
    """``docs/path.md``: the path of a failed sample as a picture."""
    lines = ["# The path of a failed sample", "", NOTE, "", "```mermaid", "flowchart LR"]
    arrows: dict[tuple[str, str], list[str]] = {}
    for entry in CATALOGUE:
        for producer, consumer in product(entry.producers, entry.consumers or ("operators",)):
            if not _passes(entry, producer, consumer):
                continue
            arrows.setdefault((_node(producer), _node(consumer)), []).append(entry.event.__name__)
    lines += [f'  {teller} -->|"{"<br/>".join(names)}"| {hearer}' for (teller, hearer), names in arrows.items()]
    lines += [
        "```",
        "",
        "Each line beside an arrow is an event of [the catalogue](events.md). A service hears through one durable",
    ]
    lines += ["consumer per stream and answers in the file that is named after the event that wakes it:", ""]
    lines += _handlers()
    return "\n".join(lines) + "\n"


def _passes(entry: Entry, producer: str, consumer: str) -> bool:
    """Whether an event really goes from one to the other: a clock to its own service, an answer to who asks there."""
    if entry.stream == "WORK":
        return producer == consumer
    if entry.stream == "RECEIPTS":
        return any(consumer in one.producers and producer in one.consumers for one in CATALOGUE)
    return True


def clocks_page() -> str:
    """``docs/clocks.md``: every statutory period with who is bound by it, its source, and whether that was checked."""
    lines = ["# Statutory periods", "", CLOCKS_NOTE, ""]
    lines += [
        "A period in working days, days or months ends with its last day in China, and the day on which it starts"
    ]
    lines += [
        "does not count; one in hours runs to the minute. *Unverified* means that no official text was at hand.",
        "",
    ]
    lines += ["| kind | who | must | within | source | |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {one.kind} | {one.actor} | {one.duty} | {one.amount} {one.unit.replace('_', ' ')} | {one.citation} | "
        f"{'' if one.verified else '*unverified*'} |"
        for one in (of_samples.deadlines() | of_cases.deadlines()).values()
    ]
    return "\n".join(lines) + "\n"


def _handlers() -> Iterable[str]:
    for path in sorted((ROOT / "services").glob("*/on_*.py")):
        sentence = path.read_text("utf-8").split('"""')[1].split("\n")[0]
        yield f"- `{path.relative_to(ROOT)}`: {sentence}"


def _node(name: str) -> str:
    return AUTHORITIES.get(name, name)


def _row(entry: Entry) -> str:
    heard = ", ".join(_node(consumer) for consumer in entry.consumers) or "operators"
    told = ", ".join(_node(producer) for producer in entry.producers)
    anchor = entry.event.__name__.lower()
    return f"| [{entry.event.__name__}](#{anchor}) | {told} | {heard} | {entry.stream} | `{address_template(entry)}` |"


def _section(entry: Entry) -> list[str]:
    example = example_of(entry.event)
    lines = ["", f"## {entry.event.__name__}", "", (entry.event.__doc__ or "").strip(), ""]
    lines += [f"Type `{entry.type}`. In one sentence: {example.sentence()}", ""]
    lines += ["| field | type | needed |", "|---|---|---|"]
    schema = entry.event.model_json_schema()
    needed = schema.get("required", [])
    for name, field in schema["properties"].items():
        lines.append(f"| `{name}` | {_type(field)} | {'yes' if name in needed else 'no'} |")
    return [*lines, "", "```json", json.dumps(example_document(example), ensure_ascii=False, indent=2), "```"]


def _type(field: dict[str, object]) -> str:
    if "anyOf" in field and isinstance(field["anyOf"], list):
        return " or ".join(_type(option) for option in field["anyOf"])
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if field.get("type") == "array":
        items = field.get("items")
        return f"list of {_type(items)}" if isinstance(items, dict) else "list"
    if "const" in field:
        return f'"{field["const"]}"'
    return str(field.get("format") or field.get("type") or "any")


def pages() -> dict[Path, str]:
    """Every generated file with its content."""
    written = {
        "events.md": events_page(),
        "path.md": path_page(),
        "clocks.md": clocks_page(),
        "metrics.md": metrics_page(METRICS_NOTE),
        "asyncapi.json": json.dumps(asyncapi.document_of(), ensure_ascii=False, indent=1) + "\n",
        "asyncapi.html": asyncapi.page_of(),
    }
    return {ROOT / "docs" / name: content for name, content in written.items()}


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with ``--check`` compare them; returns the exit code."""
    stale = [path for path, content in pages().items() if not path.exists() or path.read_text("utf-8") != content]
    for path in stale:
        if "--check" in arguments:
            print(f"{path.relative_to(ROOT)} is not fresh: run `python -m services.reference`", file=sys.stderr)  # noqa: T201
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages()[path], "utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
