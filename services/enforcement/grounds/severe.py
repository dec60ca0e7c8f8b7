"""Rule R2: a hazard that the law names exceeds its limit severely (严重超出标准限量), by the province's own threshold.

National law has no number. Without a threshold for the province and the day nothing is decided, and a person is asked.
"""

from collections.abc import Sequence
from decimal import Decimal

from services.enforcement.grounds import exceedance
from services.enforcement.grounds.assessment import Found, Strength
from services.enforcement.grounds.exceedance import Threshold
from services.enforcement.grounds.matter import Matter
from services.enforcement.grounds.rules import Rules


def compared(matter: Matter, rules: Rules, region: str) -> Found | None:
    """A ratio against the province's threshold; none where the finding has no ratio or the province no threshold."""
    finding, ratio = matter.finding, exceedance.exceedance(matter.finding)
    row = _threshold(matter, rules, region)
    if ratio is None or row is None:
        return None
    times = f"{_short(ratio)} times its limit"
    if ratio >= row.ratio:
        strength = Strength.STRONG
        text = f"{finding.analyte} in {matter.product} is {times}; the province takes {_short(row.ratio)} times as "
        text += "severe."
    else:
        strength, text = Strength.NONE, f"{finding.analyte} is {times}, below the province's {_short(row.ratio)}."
    facts = matter.facts | {"ratio": str(ratio), "threshold": str(row.ratio), "province": row.province}
    return Found(strength, text, facts, row.citation, row.verified)


def on_sample(matters: Sequence[Matter], rules: Rules, region: str) -> tuple[Found, ...]:
    """What rule R2 finds in a sample."""
    hazards = rules.grounds["R2"].hazards
    named = [matter for matter in matters if matter.finding.hazard in hazards]
    if not named:
        failed = "、".join(dict.fromkeys(matter.finding.hazard.value for matter in matters))
        text = f"This failed for {failed}; only a pathogen, a pesticide, a veterinary drug, a toxin or a metal counts."
        return (Found(Strength.NONE, text, matters[0].facts),)
    return tuple(compared(matter, rules, region) or _ask(matter, region) for matter in named)


def _ask(matter: Matter, region: str) -> Found:
    """No ratio, or nothing to compare it with: the facts for the person who is asked."""
    finding, ratio = matter.finding, exceedance.exceedance(matter.finding)
    province = region.partition(".")[0]
    facts = matter.facts | {"province": province}
    if ratio is None:
        text = f"{finding.analyte} ({finding.result}, limit {finding.limit}) has no ratio to a limit. Ask a person."
        return Found(Strength.NONE, text, facts, asks=True)
    text = f"{finding.analyte} is {_short(ratio)} times its limit. Ask a person: no verified number for province "
    return Found(Strength.NONE, f"{text}{province}.", facts | {"ratio": str(ratio)}, asks=True)


def _threshold(matter: Matter, rules: Rules, region: str) -> Threshold | None:
    hazard = matter.finding.hazard
    if hazard not in rules.grounds["R2"].hazards:
        return None
    return exceedance.threshold(rules.thresholds, region, hazard, matter.day)


def _short(ratio: Decimal) -> str:
    return f"{ratio:.2f}".rstrip("0").rstrip(".")
