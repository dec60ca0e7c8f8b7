"""From lines to reports: the rows of one sample stand together, and what its first row says holds for the others.

A continuation row leaves the sample's columns empty, or says the same again. Each report is checked against the
contract, and for days that cannot be, before anything is sent.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from partners.laboratory.cells import determination_values, sample_value
from partners.laboratory.columns import DAY_OR_BATCH
from partners.laboratory.lines import Line
from partners.tables.cells import SpoiltError
from partners.tables.faults import Fault, checked, path_of
from shared.contracts import ResultReported

_IDENTITY = ("sample_no", "report_no")


@dataclass(frozen=True, slots=True)
class Read:
    """One report as it was read."""

    numbers: tuple[int, ...]
    """The row or line of each of its items."""
    name: str
    """Where it begins: ``row 3``."""
    place: str
    """Where its sample's number stands."""
    report_no: str
    sample_no: str
    report: ResultReported | None
    """None where it has faults."""
    faults: tuple[Fault, ...]
    no_day: bool
    """Whether the column for the day of production holds something else."""


def read_reports(lines: Iterable[Line], today: date) -> Iterator[Read]:
    """Put lines together to reports and check each; ``today`` is the day in China."""
    draft: _Draft | None = None
    for line in lines:
        values, faults = _sample_values(line)
        if draft is not None and not line.is_whole and draft.goes_on(values):
            draft.add(line, values, faults)
            continue
        if draft is not None:
            yield draft.read(today)
        draft = _Draft(line, values)
        draft.faults += faults
        draft.add_items(line)
    if draft is not None:
        yield draft.read(today)


def _sample_values(line: Line) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {}
    faults = list(line.faults)
    for name, cell in line.sample.items():
        try:
            value = sample_value(name, cell)
        except SpoiltError as error:
            faults.append(Fault(line.place(name, 0), str(error)))
            continue
        if value is not None:
            values[name] = value
    return values, faults


@dataclass(slots=True)
class _Draft:
    """One report while its lines are read."""

    first: Line
    values: dict[str, Any]
    items: list[dict[str, Any]] = field(default_factory=list)
    lines: list[tuple[Line, int]] = field(default_factory=list)
    """The line of each item, and its position there."""
    faults: list[Fault] = field(default_factory=list)

    def goes_on(self, values: dict[str, Any]) -> bool:
        """Whether a line with these values is about the same report."""
        return all(name not in values or values[name] == self.values.get(name) for name in _IDENTITY)

    def add(self, line: Line, values: dict[str, Any], faults: Iterable[Fault]) -> None:
        """Take a further line."""
        self.faults += faults
        for name, value in values.items():
            if value != (known := self.values.get(name)):
                before = f"{self.first.name} says '{known}'" if known is not None else f"{self.first.name} says nothing"
                text = f"'{value}' differs: {before} of the same sample; make them agree, or leave this one empty."
                self.faults.append(Fault(line.place(name, 0), text))
        self.add_items(line)

    def add_items(self, line: Line) -> None:
        """Take the items of a line."""
        for position, cells in enumerate(line.items):
            items, spoilt = determination_values(cells)
            self.faults += [Fault(line.place(name, position), text) for name, text in spoilt.items()]
            self.items += items
            self.lines += [(line, position)] * len(items)

    def read(self, today: date) -> Read:
        """The report, checked."""
        day = self.values.pop(DAY_OR_BATCH, None)
        self.values.setdefault("production_date", day)
        report = checked(ResultReported, {**self.values, "determinations": self.items}, self.faults, self._place)
        self.faults += [Fault(self.first.place(name, 0), text) for name, text in wrong_days(self.values, today)]
        return Read(
            numbers=tuple(line.number for line, _ in self.lines) or (self.first.number,),
            name=self.first.name,
            place=self.first.place("sample_no", 0),
            report_no=str(self.values.get("report_no", "")),
            sample_no=str(self.values.get("sample_no", "")),
            report=None if self.faults else report,
            faults=tuple(self.faults),
            no_day=day is None and DAY_OR_BATCH in self.first.sample,
        )

    def _place(self, loc: tuple[int | str, ...]) -> str:
        match loc:
            case ("determinations", int(n), str(name), *_):
                line, position = self.lines[n]
                return line.place(name, position)
            case ("determinations", *_):
                return f"{self.first.name}, its items"
            case (str(name), *_):
                return self.first.place(name, 0)
        return path_of(loc)


def wrong_days(values: Mapping[str, Any], today: date) -> Iterator[tuple[str, str]]:
    """Each field of a report that holds a day that cannot be, and what is wrong with it."""
    days = {name: day for name in ("production_date", "concluded_on") if isinstance(day := values.get(name), date)}
    for name, day in days.items():
        if day > today:
            yield name, f"{day} is still to come; mend the day."
    if len(days) > 1 and (concluded := days["concluded_on"]) < (made := days["production_date"]):
        yield "concluded_on", f"{concluded} is before the production on {made}; mend one of the days."
