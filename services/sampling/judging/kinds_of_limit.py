"""The kinds of limit that a result is judged by, each with the short text that findings show."""

from dataclasses import dataclass
from decimal import Decimal

from services.sampling.judging.figures import shown


@dataclass(frozen=True, slots=True)
class Bounds:
    """A maximum, a minimum or both; the bound itself is kept unless the limit is ``strict`` (``<``, ``>``)."""

    low: Decimal | None
    high: Decimal | None
    unit: str = ""
    strict: bool = False

    def __str__(self) -> str:
        if self.low is not None and self.high is not None:
            return f"{shown(self.low)}~{shown(self.high)} {self.unit}".rstrip()
        if self.high is not None:
            return f"{'<' if self.strict else '≤'}{shown(self.high)} {self.unit}".rstrip()
        return f"{'>' if self.strict else '≥'}{shown(self.low or Decimal())} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Bare:
    """A number without a sign: what it bounds depends on the kind of analyte."""

    value: Decimal
    unit: str = ""

    def __str__(self) -> str:
        return f"{shown(self.value)} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Banned:
    """A substance or germ that must not be detected (不得检出), or must not be used (不得使用, 不得添加)."""

    use: bool
    unit: str = ""

    def __str__(self) -> str:
        return ("不得使用" if self.use else "不得检出") + self.unit


@dataclass(frozen=True, slots=True)
class Plan:
    """A sampling plan: of ``n`` units at most ``c`` may lie above ``m``, and none above ``M``."""

    n: int
    c: int
    m: Decimal
    M: Decimal | None
    unit: str = ""

    def __str__(self) -> str:
        last = "" if self.M is None else f",M={shown(self.M)}"
        unit = self.unit if self.unit.startswith("/") else f" {self.unit}"
        return f"n={self.n},c={self.c},m={shown(self.m)}{last}{unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in words, which a person decides."""

    text: str

    def __str__(self) -> str:
        return self.text


Limit = Bounds | Bare | Banned | Plan | Rule
