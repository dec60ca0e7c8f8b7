"""Which warning colour a failed sample has, and which standing alert (风险预警) it belongs to.

The reviewed table ``data/levels.csv`` is read from the top: the first row that fits a failing finding gives its
level, and the gravest finding gives the sample's. The colours are the law's (突发事件应对法 2024 Art 63), the
conditions are the house's own suggestion and say so in every reason. Whether a detection is a crime is not asked here.

An alert stands for one producer and one substance, so its number follows from these alone, and its level follows from
the levels of its samples in whatever order they came. One sample by itself is never red. With the last of its samples
that is overturned the alert is void.
"""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

from shared.contracts import Finding, Hazard, JudgementReason, Level, Reason, SampleFailed, SampleOverturned
from shared.identifiers import number_of

_SEPARATOR = "\x1f"
_GRAVEST_FIRST = tuple(Level)
_OF_A_FINDING = ("finding", "ratio")


@dataclass(frozen=True, slots=True)
class LevelRule:
    """A condition on a failing finding, and the level that it has where it fits."""

    rule: str
    hazards: frozenset[Hazard]
    """Empty for any."""
    judgements: frozenset[JudgementReason]
    """Empty for any."""
    ratio: Decimal
    """The least ratio of result to limit; zero also fits a finding without one."""
    level: Level
    text: str
    citation: str
    verified: bool

    def fits(self, finding: Finding) -> bool:
        """Whether the finding meets every condition."""
        return (
            (not self.hazards or finding.hazard in self.hazards)
            and (not self.judgements or finding.reason in self.judgements)
            and (finding.ratio or Decimal(0)) >= self.ratio
        )


@dataclass(frozen=True, slots=True)
class Repetition:
    """How many samples of one producer and substance make an alert one level graver, and up to which level."""

    rule: str
    samples: int
    ceiling: Level
    text: str
    citation: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """That an overturned sample leaves its alert."""

    rule: str
    citation: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Levels:
    """The reviewed table."""

    rules: tuple[LevelRule, ...]
    repetition: Repetition
    leaving: Leaving


@dataclass(frozen=True, slots=True)
class Assessment:
    """The level that a failed sample has by itself; reasons of all failing findings, the gravest first."""

    level: Level
    substance: str
    """Of the gravest finding."""
    reasons: tuple[Reason, ...]


def assess(sample: SampleFailed) -> Assessment:
    """The level of one failed sample."""
    ranked = _ranked(sample)
    rule, gravest = ranked[0]
    return Assessment(rule.level, gravest.substance, tuple(_reason(rule, finding, sample) for rule, finding in ranked))


def combine(levels: Collection[Level]) -> Level:
    """The level of a standing alert from those of its samples, one or more, in any order.

    It is the gravest of them, and one graver from as many samples on as the table says. Adding a sample never makes it
    milder.
    """
    gravest, repetition = min(_GRAVEST_FIRST.index(level) for level in levels), load().repetition
    if len(levels) < repetition.samples:
        return _GRAVEST_FIRST[gravest]
    ceiling = _GRAVEST_FIRST.index(repetition.ceiling)
    return _GRAVEST_FIRST[min(gravest, max(gravest - 1, ceiling))]


def repeated(samples: int) -> tuple[Reason, ...]:
    """Why an alert on this many samples is graver than each of them; empty where it is not."""
    row = load().repetition
    if samples < row.samples:
        return ()
    facts = {"samples": str(samples)}
    return (Reason(rule=row.rule, text=f"{row.text}.", citation=row.citation, verified=row.verified, facts=facts),)


def left(overturned: SampleOverturned) -> Reason:
    """Why an alert stands on one sample less."""
    row = load().leaving
    facts = {
        "sample": overturned.sample_no,
        "report": overturned.report_no,
        "laboratory": overturned.laboratory,
        "why": overturned.reason.value,
        "by": overturned.by,
    }
    return Reason(rule=row.rule, text=overturned.explanation, citation=row.citation, verified=row.verified, facts=facts)


def alert_key(sample: SampleFailed) -> str:
    """The producer and the substance of the gravest finding; the sample alone where no producer is known."""
    if sample.producer is None:
        return _SEPARATOR.join(("sample", sample.laboratory, sample.sample_no))
    return _SEPARATOR.join(("producer", sample.producer, _ranked(sample)[0][1].substance))


def alert_no(key: str) -> str:
    """The number of the alert with this key, such as ``A-7Q2M4ZK3XAWB``."""
    return number_of("A", key)


@cache
def load() -> Levels:
    """The levels as reviewed in ``data/levels.csv``.

    Raises:
        ValueError: A hazard, judgement, level or number of a row is not readable.
    """
    text = resources.files(__package__).joinpath("data", "levels.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    rules = tuple(_rule(row) for row in rows if row["condition"] in _OF_A_FINDING)
    (last,) = (row for row in rows if row["condition"] == "repetition")
    (overturned,) = (row for row in rows if row["condition"] == "overturned")
    repetition = Repetition(
        rule=last["rule"],
        samples=int(last["at_least"]),
        ceiling=Level(last["level"]),
        text=last["text"],
        citation=last["citation"],
        verified=last["verified"] == "yes",
    )
    leaving = Leaving(overturned["rule"], overturned["citation"], overturned["verified"] == "yes")
    return Levels(rules, repetition, leaving)


def _rule(row: dict[str, str]) -> LevelRule:
    return LevelRule(
        rule=row["rule"],
        hazards=frozenset(Hazard(name) for name in row["hazards"].split()),
        judgements=frozenset(JudgementReason(name) for name in row["judgements"].split()),
        ratio=Decimal(row["at_least"] or 0),
        level=Level(row["level"]),
        text=row["text"],
        citation=row["citation"],
        verified=row["verified"] == "yes",
    )


def _ranked(sample: SampleFailed) -> list[tuple[LevelRule, Finding]]:
    """Each failing finding with its rule, the gravest first, whatever the order of the report."""
    rules = load().rules
    found = [(next(rule for rule in rules if rule.fits(finding)), finding) for finding in sample.decisive]
    return sorted(found, key=_rank)


def _rank(found: tuple[LevelRule, Finding]) -> tuple[int, str, Decimal, str, str, str]:
    rule, finding = found
    gravity = _GRAVEST_FIRST.index(rule.level)
    return gravity, rule.rule, -(finding.ratio or Decimal(0)), finding.substance, finding.analyte, finding.result


def _reason(rule: LevelRule, finding: Finding, sample: SampleFailed) -> Reason:
    facts = {
        "analyte": finding.analyte,
        "substance": finding.substance,
        "result": finding.result,
        "limit": finding.limit,
        "product": sample.product,
    }
    if finding.ratio is not None:
        facts["ratio"] = str(finding.ratio)
    text = f"{finding.analyte} in {sample.product}: {rule.text} ({rule.level.value})."
    return Reason(rule=rule.rule, text=text, citation=rule.citation, verified=rule.verified, facts=facts)
