"""Limits as laboratories print them, read into bounds, bans and sampling plans.

A printed limit is a bound (``≤0.2mg/kg``), a range, a number without a sign, a ban in words (不得检出, 不得使用), a
sampling plan (``n=5,c=2,m=10⁴CFU/g,M=10⁵CFU/g``, GB 4789.1) or a rule in words that no figure decides. The
grammar consumes the whole text or nothing, as for results.
"""

import re
from decimal import Decimal
from functools import lru_cache

from services.sampling.judging.commas import settled
from services.sampling.judging.figures import Figure, figure_at, fold, shown
from services.sampling.judging.kinds_of_limit import Banned, Bare, Bounds, Limit, Plan, Rule
from services.sampling.judging.notation import NOTHING, Unreadable, unit_at, without_basis, without_unit_apart
from services.sampling.judging.units import PATTERN, is_count, is_portion, symbol
from shared.contracts.sample import JudgementReason

_WORDS = (
    ("不得超过", "≤"), ("不超过", "≤"), ("不得大于", "≤"), ("不大于", "≤"), ("不得高于", "≤"), ("不高于", "≤"),
    ("不得低于", "≥"), ("不低于", "≥"), ("不得少于", "≥"), ("不少于", "≥"), ("不得小于", "≥"), ("不小于", "≥"),
)  # fmt: skip
_BAN = re.compile(
    r"(?:(?P<found>(?:不得|不应|不可|禁止)检出|未检出|(?:应为?)?阴性)"
    r"|(?:不得|不应|不可|禁止|不允许)(?:使用|添加|加入))"
    rf"\s{{0,5}}(?P<unit>{PATTERN})?\s{{0,5}}(?:\([^()]{{0,80}}\))?",
    re.IGNORECASE,
)
_RULE = re.compile(r"(?:应当?)?(?:符合|标[注示明]|按)\s{0,5}[^<>≤≥=]{0,300}")
_SHARE = r"[0-9]{1,3}(?:\.[0-9]{1,2})?\s?%\s?[×*]?\s?"
_LABEL = re.compile(
    rf"(?:[≤≥]|不[低少高超大小][于过])?\s{{0,3}}(?:{_SHARE}[-~至]\s?)?(?:{_SHARE})?"
    r"(?:产品)?(?:标签|标示|明示|标称)(?:明示|标示|标注|声称)?(?:值|量|含量)?"
    rf"(?:\s?±[^()<>≤≥]{{1,20}}|的?\s?[×*]?\s?(?:{_SHARE}[-~至]\s?)?{_SHARE})?(?:\([^()]{{0,60}}\))?"
)
"""A limit that is the label's, with the share of it or the distance from it where one is printed."""
_DASH = re.compile(r"\s{0,5}(?:[-~至]|(?P<around>±))\s{0,5}")
_SIGN = re.compile(r"[≤≥<>]")
_KEY = re.compile(r"[;,\s/]{0,5}([ncmM])\s{0,3}[=:]\s{0,3}")
_THOUSANDS = re.compile(r"(?<![0-9])([1-9][0-9]{0,2})((?:,[0-9]{3}){1,4})(?![0-9])")
_NONE_FOUND = re.compile(r"未检出|不得检出|不应检出")
_FALLEN_POWER = re.compile(r"(?<![0-9.×])10[2-9](?![0-9.])")
"""What 10² to 10⁹ become when the superscript is lost; nobody limits germs to 103."""
_FAR_APART = 1000
_TEN = Decimal(10)
_LOST = Unreadable(JudgementReason.EXPONENT_LOST, "a power of ten of the limit is printed without its exponent")


def _unreadable(text: str) -> Unreadable:
    return Unreadable(JudgementReason.LIMIT_UNREADABLE, f"“{text[:60]}” is no limit that can be read for certain")


def _corrupt(why: str) -> Unreadable:
    return Unreadable(JudgementReason.LIMIT_CORRUPT, why)


@lru_cache(maxsize=2048)
def read_limit(text: str) -> Limit | Unreadable:
    """The limit that a report prints."""
    folded = fold(text).strip(";。 ")
    if folded in NOTHING:
        return Unreadable(JudgementReason.NO_LIMIT, "no limit is printed")
    ban = _BAN.fullmatch(folded)
    if ban is not None:
        return Banned(use=ban["found"] is None, unit=symbol(ban["unit"] or "") or "")
    if re.match(r"\(?n\s{0,3}[=:]", folded):
        return _plan(folded)
    if _RULE.fullmatch(folded) or _LABEL.fullmatch(folded):
        return Rule(text.strip()[:200])
    return _bounds(folded)


def _bounds(text: str) -> Limit | Unreadable:
    body, apart = without_unit_apart(without_basis(text))
    for word, sign in _WORDS:
        if body.startswith(word):
            body = sign + body.removeprefix(word)
    signs = _SIGN.findall(body)
    if len(signs) > 1:
        return _unreadable(text)
    # “200≤mg/kg” is a slip for “≤200mg/kg”: a sign between figure and unit can belong to nothing else
    bare = _SIGN.sub("", body, count=1).strip()
    if signs and not (
        body.startswith(signs[0]) or re.fullmatch(rf"[^<>≤≥]{{1,40}}[≤≥]\s?{PATTERN}", body, re.IGNORECASE)
    ):
        return _unreadable(text)
    figures = _figures(bare, apart)
    if figures is None:
        return _unreadable(text)
    values, unit = figures
    if None in values or (_FALLEN_POWER.search(bare) and (not unit or is_count(unit))):
        return _LOST
    return _of_sign(signs[0] if signs else "", [value for value in values if value is not None], unit) or _unreadable(
        text
    )


def _figures(text: str, apart: str) -> tuple[list[Decimal | None], str] | None:
    """One figure with its unit, or two of a range."""
    plain = settled(text, apart or _unit_behind(text))
    first = figure_at(plain, 0) if plain is not None else None
    if plain is None or first is None:
        return None
    unit, end = unit_at(plain, first.end)
    if end == len(plain):
        return [first.value], unit or apart
    dash = _DASH.match(plain, end)
    second = figure_at(plain, dash.end()) if dash else None
    if dash is None or second is None:
        return None
    last, end = unit_at(plain, second.end)
    if end != len(plain) or (unit and unit != last):
        return None
    if dash["around"] and first.value is not None and second.value is not None:
        return [first.value - second.value, first.value + second.value], last or apart
    return [first.value, second.value], last or apart


def _unit_behind(text: str) -> str:
    match = re.search(rf"({PATTERN})$", text[-20:], re.IGNORECASE)
    return symbol(match[1]) or "" if match else ""


def _of_sign(sign: str, values: list[Decimal], unit: str) -> Limit | None:
    value = values[0]
    if len(values) > 1:
        return Bounds(value, values[1], unit) if not sign and value < values[1] else None
    if is_portion(unit):
        return Banned(use=False, unit=unit) if value == 0 and sign in ("", "≤") else None
    if sign in ("≤", "<"):
        return Bounds(None, value, unit, strict=sign == "<")
    if sign in ("≥", ">"):
        return Bounds(value, None, unit, strict=sign == ">")
    return Bare(value, unit)


def _plan(text: str) -> Plan | Unreadable:
    body, apart = without_unit_apart(text)
    body = body[1:-1] if body.startswith("(") and body.endswith(")") else body
    body = _THOUSANDS.sub(lambda match: match[1] + match[2].replace(",", ""), body)
    figures: dict[str, Decimal | None] = {}
    units = {apart}
    lost, at = False, 0
    while at < len(body):
        key = _KEY.match(body, at)
        if key is None or key[1] in figures:
            return _unreadable(text)
        figure, unit, at = _plan_figure(body, key.end(), key[1])
        if figure is None:
            return _unreadable(text)
        lost = lost or (key[1] in "mM" and (figure.value is None and not _is_dash(body, key.end())))
        lost = lost or (key[1] in "mM" and _FALLEN_POWER.match(body, key.end()) is not None)
        figures[key[1]] = figure.value
        units.add(unit)
    units.discard("")
    if lost:
        return _LOST
    if len(units) > 1:
        return _corrupt("m and M are printed in different units")
    return _checked(figures, units.pop() if units else "", text)


def _is_dash(text: str, at: int) -> bool:
    return text[at : at + 1] in {"-", "/"}


def _plan_figure(text: str, start: int, key: str) -> tuple[Figure | None, str, int]:
    if key == "M" and _is_dash(text, start):
        return Figure(None, start + 1), "", start + 1
    none_found = _NONE_FOUND.match(text, start)
    figure = Figure(Decimal(0), none_found.end()) if none_found and key == "m" else figure_at(text, start)
    if figure is None:
        return None, "", start
    unit, end = unit_at(text, figure.end)
    return figure, unit, end


def _checked(figures: dict[str, Decimal | None], unit: str, text: str) -> Plan | Unreadable:
    n, c, low, high = (figures.get(key) for key in "ncmM")
    if n is None or c is None or low is None or n != int(n) or c != int(c):
        return _unreadable(text)
    if not c < n <= 1000:  # noqa: PLR2004 - no plan takes a thousand units
        return _corrupt(f"no plan has c={shown(c)} of n={shown(n)} units")
    if (high is not None and low >= high and c > 0) or (
        low == _TEN and c > 0 and (high is None or high >= low * _FAR_APART)
    ):
        return _LOST
    if high is not None and low > high:
        return _corrupt("m is above M")
    return Plan(int(n), int(c), low, high, unit)
