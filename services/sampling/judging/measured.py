"""What is judged: a sample as far as its limits depend on it, and its determinations, each read once.

A limit on a sum, a total that screens for its species and an amount per dry matter need other determinations of the
same report. So a judgement has the whole sheet before it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from services.sampling.judging.basis import Basis, basis_behind, basis_of, share_of
from services.sampling.judging.kinds_of_limit import Limit
from services.sampling.judging.limit_notation import read_limit
from services.sampling.judging.limits import Catalogue, Found
from services.sampling.judging.notation import Reading, Result, Unreadable, read_quantity, read_result
from services.sampling.judging.substances import Substance, substance
from shared.contracts.result import Determination


@dataclass(frozen=True, slots=True)
class Sample:
    """What is known of a sample beside its figures."""

    product: str
    category: str
    subcategory: str = ""
    made_on: date | None = None
    concluded_on: date | None = None
    """Day of the laboratory's conclusion; where no production date is known the law of this day is asked."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One determination, read."""

    printed: Determination
    analyte: Substance
    result: Result | Unreadable
    stated: Limit | Unreadable
    """The limit that the report prints."""
    detection_limit: Reading | None
    basis: Basis | None
    """What the result is per; none where the report does not say."""


@dataclass(frozen=True)
class Sheet:
    """A sample with all that was determined on it, and the catalogue that it is held against."""

    sample: Sample
    lines: tuple[Measured, ...]
    catalogue: Catalogue

    @cached_property
    def by_name(self) -> dict[str, list[Measured]]:
        """The determinations by their reviewed substance."""
        names: dict[str, list[Measured]] = {}
        for line in self.lines:
            names.setdefault(line.analyte.name, []).append(line)
        return names

    def found(self, name: str) -> Found:
        """What the catalogue says of a reviewed substance in this sample."""
        sample = self.sample
        return self.catalogue.find(name, sample.product, sample.category, sample.subcategory, sample.made_on)

    def line(self, name: str) -> Measured | None:
        """The only determination of a reviewed substance; none where there is none, or several."""
        lines = self.by_name.get(name, ())
        return lines[0] if len(lines) == 1 else None

    def share(self, basis: Basis) -> Decimal | None:
        """Which part of the food a basis is, where the report states it."""
        return share_of(basis, self._reading)

    def _reading(self, name: str) -> Reading | None:
        line = self.line(name)
        if line is None or isinstance(line.result, Unreadable) or len(line.result.readings) != 1:
            return None
        reading = line.result.readings[0]
        return reading if reading.unit else Reading(reading.kind, reading.value, line.analyte.unit)


def sheet(sample: Sample, determinations: Iterable[Determination], catalogue: Catalogue) -> Sheet:
    """The sheet of a report."""
    return Sheet(sample, tuple(_measured(determination) for determination in determinations), catalogue)


def _measured(printed: Determination) -> Measured:
    basis = (basis_of(printed.basis) if printed.basis else None) or basis_behind(printed.analyte)
    return Measured(
        printed=printed,
        analyte=substance(printed.analyte),
        result=read_result(printed.result),
        stated=read_limit(printed.limit),
        detection_limit=read_quantity(printed.lod) if printed.lod else None,
        basis=basis or (basis_behind(printed.result) if "(" in printed.result or "（" in printed.result else None),
    )
