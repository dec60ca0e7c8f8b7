"""Printed figures: the one spelling that the grammars of results and limits read, and the number at a place in it.

Notices print the same figure in many ways: full-width digits, ``3.7×10⁴``, ``3.7×10^4``, ``3.7×10<sup>4</sup>``, and
``3.7×104`` where a spreadsheet lost the superscript. Unicode's own compatibility folding is no help: it turns the
circled ordinal ① into the digit 1 and 10⁴ into 104. So the folding here is a table of its own, superscripts stay
superscripts, and a power of ten without its exponent is told apart from a number. All patterns are of bounded repeats
and so take linear time; numbers are decimals, never floats.
"""

import html
import re
from dataclasses import dataclass
from decimal import Decimal

_FOLDED = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    ord(old): new
    for olds, new in (
        ("\u3000\u00a0\u2002\u2003\u2009\u202f\t\r", " "),
        ("\n，、﹐、；﹔｜|", ";"),
        ("﹙（〔【［", "("),
        ("﹚）〕】］", ")"),
        ("﹤＜", "<"),
        ("﹥＞", ">"),
        ("≦⩽≯", "≤"),
        ("≧⩾≮", "≥"),
        ("−﹣－‐‑‒–—", "-"),
        ("～〜∼﹏", "~"),
        ("：﹕︰∶", ":"),
        ("μ", "µ"),
        ("﹪", "%"),
        ("\u200b\u200c\u200d\u2060\ufeff", ""),
    )
    for old in olds
}
_RAISED = str.maketrans("0123456789-+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SUP = re.compile(r"<sup>\s{0,5}([-+]?[0-9]{0,3})\s{0,5}</sup>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s{0,5}/?>", re.IGNORECASE)
_TWO_SIGNS = (("<=", "≤"), ("=<", "≤"), (">=", "≥"), ("=>", "≥"), ("+/-", "±"))

PLAIN = r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,12})?"
"""A number without a power of ten, short enough to stay exact in every conversion; no number begins with 00."""

_RAISED_EXPONENT = r"(?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})(?P<again>[0-9]{0,2})"
_HAT_EXPONENT = r"\s{0,3}(?:\^|\*\*)\s{0,3}[({]?(?P<hat>[-+]?[0-9]{1,2})[)}]?"
_FIGURE = re.compile(
    rf"(?:10(?:(?P<alone>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})|\^(?P<alone_hat>[-+]?[0-9]{{1,2}}))"
    rf"|(?P<mantissa>{PLAIN})"
    rf"(?:\s{{0,3}}(?P<times>[×xX*✕⨯·⋅∙•])\s{{0,3}}10"
    rf"(?:{_RAISED_EXPONENT}|{_HAT_EXPONENT}|(?P<fallen>-?[1-9][0-9]?)(?![0-9]))?"
    r"|[eE](?P<e>[-+]?[0-9]{1,2}))?)"
)
_LARGEST_EXPONENT = 15


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text; ``value`` is none where its exponent was lost."""

    value: Decimal | None
    end: int


def fold(text: str) -> str:
    """``text`` in the spelling that the grammars read; commas of the Chinese set become ``;``, the ASCII one stays."""
    if "&" in text:
        text = html.unescape(text)
    folded = text.translate(_FOLDED)
    if "<" in folded:
        folded = _BREAK.sub(";", _SUP.sub(lambda match: match[1].translate(_RAISED), folded))
    for old, new in _TWO_SIGNS:
        if old in folded:
            folded = folded.replace(old, new)
    return folded.strip()


def figure_at(text: str, start: int) -> Figure | None:
    """The unsigned number that stands at ``start`` of a folded text, or none where none can be read for certain."""
    match = _FIGURE.match(text, start)
    if match is None or text[match.end() : match.end() + 1].isdecimal():
        return None
    exponent = match["raised"] or match["hat"] or match["fallen"] or match["e"] or match["alone"] or match["alone_hat"]
    if exponent is None:
        return Figure(None if match["times"] else Decimal(match["mantissa"]), match.end())
    power = int(exponent.translate(_LOWERED))
    if abs(power) > _LARGEST_EXPONENT or (match["again"] and match["again"] != exponent.translate(_LOWERED)):
        return None  # a digit behind a raised exponent can only be the exponent printed twice
    return Figure(Decimal(match["mantissa"] or 1).scaleb(power), match.end())


def shown(value: Decimal) -> str:
    """A number for people: no exponent, no zeros that a conversion added."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
