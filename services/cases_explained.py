"""Why a case is referred or not, rule by rule: what each looked at, what it found, and what is left to a person.

The rules that did not apply are shown too. Lines are as wide as a terminal shows them: a Chinese character takes two
columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.console import Console
from rich.text import Text

from services.enforcement.grounds import law
from services.enforcement.grounds.assessment import Assessment, Strength, strongest
from shared.contracts import Reason

_WIDTH = 100
_NARROWEST = 20
_RULER = Console(width=_WIDTH)
"""Knows how many columns a character takes."""
_AT_RULE = 6
"""Columns in front of what is said of a rule."""
_NOT_SHOWN = frozenset(
    {"product", "category", "subcategory", "sample", "place kind", "origin", "made for", "evidence", "note"}
)
"""Facts that stand above, or that a table's keeper asks for."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A text of any length, and the column in which all its lines begin."""

    column: int
    text: str
    label: str = ""
    """What stands left of its first line."""


@dataclass(frozen=True, slots=True)
class ExplainedSample:
    """A failed sample of the case as it was assessed."""

    sample_no: str
    report: str
    """Laboratory and number of the report, such as ``L0142 R-7``."""
    product: str
    assessments: Sequence[Assessment]
    """Empty for a sample of the time before assessments were kept."""
    overturned: bool = False
    """Whether it no longer counts."""


@dataclass(frozen=True, slots=True)
class ExplainedCase:
    """All that is known of a case by the rules."""

    head: str
    """The case in one line."""
    samples: Sequence[ExplainedSample]
    """Its failed samples, overturned ones too."""
    stated: Mapping[str, str]
    """What officers stated, by field of ``CaseFacts``."""
    by_facts: Sequence[Assessment]
    """The assessments by what was stated; empty where nothing was."""
    aggravation: Sequence[Reason]
    """The facts that weigh in the case."""


def explained(case: ExplainedCase, width: int = _WIDTH) -> list[str]:
    """The lines of a case, none wider than the terminal's columns."""
    said = [*_top(case)]
    for rule, ground in law.load().items():
        said += [_Said(0, ""), *_of_rule(rule, ground.offence, case)]
    said += [_Said(0, ""), *_weighing(case.aggravation)]
    return [line for one in said for line in _wrapped(one, width)]


def _top(case: ExplainedCase) -> Iterator[_Said]:
    yield _Said(0, case.head)
    for sample in case.samples:
        gone = "; overturned, it no longer counts" if sample.overturned else ""
        kept = "" if sample.assessments else "; not assessed, it is of the time before that was kept"
        yield _Said(2, f"sample {sample.sample_no} ({sample.report}): {sample.product}{gone}{kept}")
    facts = "; ".join(f"{_plain(name)} {value}" for name, value in case.stated.items())
    yield _Said(2, f"stated by officers: {facts or 'nothing'}")


def _of_rule(rule: str, offence: str, case: ExplainedCase) -> Iterator[_Said]:
    by_sample = [
        (sample.sample_no, one)
        for sample in case.samples
        if not sample.overturned
        for one in sample.assessments
        if one.rule == rule
    ]
    by_facts = [one for one in case.by_facts if one.rule == rule]
    every = [*(one for _, one in by_sample), *by_facts]
    yield _Said(_AT_RULE, f"{_outcome(every)}: {offence}", rule)
    bearing = [one for one in by_facts if one.met or one.facts]
    for who, one in [*_grouped(by_sample), *(("stated", one) for one in bearing)]:
        yield _Said(_AT_RULE, f"{who}: {one.text}")
        if looked := "; ".join(
            f"{_plain(name)} {value}" for name, value in one.facts.items() if _is_shown(name, value)
        ):
            yield _Said(_AT_RULE + 2, f"looked at: {looked}")
    shown = [*(one for _, one in by_sample), *bearing]
    yield from dict.fromkeys(_Said(_AT_RULE, f"law: {one.citation} ({_mark(one.verified)})") for one in shown)
    awaited = dict.fromkeys(name for one in by_facts or every for name in one.awaits if name not in case.stated)
    if awaited:
        yield _Said(_AT_RULE, f"open until an officer states: {', '.join(map(_plain, awaited))}")
    yield from dict.fromkeys(_Said(_AT_RULE, one.needs_person) for one in every if one.met or one.asks)


def _outcome(assessments: Sequence[Assessment]) -> str:
    strength = strongest(one.strength for one in assessments)
    if strength is not Strength.NONE:
        return strength.value
    return "a person is asked" if any(one.asks for one in assessments) else "not met"


def _grouped(by_sample: Sequence[tuple[str, Assessment]]) -> Iterator[tuple[str, Assessment]]:
    """Samples of which a rule says the same stand together."""
    first = {one.text: one for _, one in reversed(by_sample)}
    for text in dict.fromkeys(one.text for _, one in by_sample):
        yield ", ".join(number for number, one in by_sample if one.text == text), first[text]


def _weighing(aggravation: Sequence[Reason]) -> Iterator[_Said]:
    if not aggravation:
        yield _Said(0, "No fact is known that would weigh in the case.")
        return
    yield _Said(0, "Facts that weigh in the case; nothing is concluded from them:")
    for reason in aggravation:
        yield _Said(_AT_RULE, reason.text, reason.rule)
        offence, note = reason.facts.get("offence", ""), reason.facts.get("note", "")
        law = "; ".join(filter(None, (reason.citation, offence)))
        yield _Said(_AT_RULE, f"law: {law} ({_mark(reason.verified)})" + (f"; {note}" if note else ""))


def _is_shown(name: str, value: str) -> bool:
    return bool(value) and name not in _NOT_SHOWN


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _mark(verified: bool) -> str:  # noqa: FBT001 - it is the whole question
    return "verified" if verified else "unverified"


def _wrapped(said: _Said, width: int) -> Iterator[str]:
    room = max(width - said.column, _NARROWEST)
    lines = [line.plain.rstrip() for line in Text(said.text).wrap(_RULER, room)]
    for line, label in zip_longest(lines or [""], [said.label], fillvalue=""):
        yield f"{label:<{said.column}}{line}".rstrip()
