"""The catalogue of limits, and the row that decides for a product on its production date.

A row decides if its edition was in force on that day and its food is the product's; of several the one for the
narrowest food does. What the report does not say is never guessed. Where only a group of the product is known, a row
decides if it is the answer for every food of the group; else the product is ambiguous. Where the production date is
unknown, or a row does not say when its edition began, the edition is open: such a row informs and never decides, and
it keeps a row for a wider food from deciding, because it may be of the same edition. Rows that nobody checked
against the official text decide too, and say so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path

from services.sampling.judging import foods
from services.sampling.judging.foods import place_of
from services.sampling.judging.kinds_of_limit import Limit
from services.sampling.judging.limit_fit import Case, Reach, cases
from services.sampling.judging.limit_rows import Row, package_rows, rows_in

__all__ = ["NOT_FOUND", "Catalogue", "Found", "Row", "load"]


@dataclass(frozen=True, slots=True)
class Found:
    """What the catalogue says of a substance in a product: the row that decides, or rows that only inform."""

    decides: Row | None = None
    informs: tuple[Row, ...] = ()
    """By the day on which their editions began."""
    ambiguous: bool = False
    """Whether the product may be of several foods with different limits, or rows for one food contradict each other."""
    edition_open: bool = False
    """Whether the rows for one food state different limits, and it is unknown which was in force."""


NOT_FOUND = Found()


@dataclass(frozen=True, slots=True)
class _Answer:
    """What holds for one case of what the product may be: rows, and what is in doubt where they differ."""

    rows: tuple[Row, ...] = ()
    decided: bool = False
    foods_differ: bool = False
    editions_differ: bool = False

    @property
    def limits(self) -> frozenset[Limit]:
        return frozenset(row.limit for row in self.rows)


class Catalogue:
    """Rows by substance, in an order that does not depend on the order in which they came."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: dict[str, list[Row]] = {}
        for row in sorted(rows, key=_order):
            self._rows.setdefault(row.substance, []).append(row)
        self._found = lru_cache(maxsize=32768)(self._find)
        self._cases = lru_cache(maxsize=8192)(self._find_cases)

    def find(self, substance: str, product: str, category: str, subcategory: str, on: date | None) -> Found:
        """What holds for a reviewed substance in a product that was made ``on`` a day, none where it is unknown."""
        return self._found(substance, product, category, subcategory, on)

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, by substance."""
        return tuple(row for name in sorted(self._rows) for row in self._rows[name])

    def of(self, substance: str, place: tuple[str, ...]) -> tuple[Row, ...]:
        """All rows of a reviewed substance that hold, or may hold, for a food, by the beginning of their editions."""
        rows = self._rows.get(substance, ())
        fitting = {at for case in self._cases(substance, place) for at in case.rows}
        return tuple(row for at, row in enumerate(rows) if at in fitting)

    def _find(self, substance: str, product: str, category: str, subcategory: str, on: date | None) -> Found:
        rows = self._rows.get(substance)
        if rows is None:
            return NOT_FOUND
        answers = [_answer(case, rows, on) for case in self._cases(substance, place_of(product, category, subcategory))]
        if not any(answer.rows for answer in answers):
            return NOT_FOUND
        first = answers[0]
        same_for_all = all(answer.limits == first.limits for answer in answers)
        if same_for_all and len(first.limits) == 1 and all(answer.decided for answer in answers):
            return Found(decides=first.rows[0])
        informs = {row.row_id: row for answer in answers for row in answer.rows}
        return Found(
            informs=tuple(sorted(informs.values(), key=_order)),
            ambiguous=not same_for_all or any(answer.foods_differ for answer in answers),
            edition_open=any(answer.editions_differ for answer in answers),
        )

    def _find_cases(self, substance: str, place: tuple[str, ...]) -> tuple[Case, ...]:
        reaches = [Reach(_known(row.terms), _known(row.exceptions)) for row in self._rows.get(substance, ())]
        return cases(reaches, foods.load(), place) if reaches else ()


def _answer(case: Case, rows: Sequence[Row], on: date | None) -> _Answer:
    """What the rows of one case say of a day: rows that decide, rows that only inform, or none."""
    fitting = [at for at in case.rows if rows[at].informs(on)]
    current = [at for at in case.rows if on is not None and rows[at].in_force(on)]
    nearest = [at for at in current if case.narrower[at].isdisjoint(current)]
    if nearest:
        limit = rows[nearest[0]].limit
        rivals = frozenset[int]().union(*(case.narrower[at] | case.apart[at] for at in nearest))
        doubts = [at for at in fitting if at in rivals and rows[at].limit != limit]
        chosen = tuple(rows[at] for at in sorted(nearest, key=lambda at: not rows[at].verified) + doubts)
        differ = any(row.limit != limit for row in chosen[: len(nearest)])
        return _Answer(chosen, decided=not doubts, foods_differ=differ, editions_differ=bool(doubts))
    candidates = [
        at
        for at in fitting
        if not any(rows[other].spans(rows[at]) for other in case.narrower[at].intersection(fitting))
    ]
    differing = [(at, other) for at, other in combinations(candidates, 2) if rows[at].limit != rows[other].limit]
    apart = [other in case.apart[at] and rows[at].may_meet(rows[other]) for at, other in differing]
    return _Answer(tuple(rows[at] for at in candidates), foods_differ=any(apart), editions_differ=not all(apart))


def _order(row: Row) -> tuple[date, date, str]:
    return row.effective_from or date.min, row.effective_to or date.max, row.row_id


def _known(terms: frozenset[str]) -> frozenset[str]:
    known = (foods.load().known(term) for term in terms)
    return frozenset(term for term in known if term)


@cache
def _package_catalogue() -> Catalogue:
    return Catalogue(package_rows())


def load(folder: Path | None = None) -> Catalogue:
    """The catalogue that the package ships, with the rows that were imported into a folder.

    An imported row takes the place of the one with the same number.

    Raises:
        CannotStartError: A file of the folder cannot be read; the sentence names it and its row.
    """
    if folder is None:
        return _package_catalogue()
    rows = {row.row_id: row for row in (*package_rows(), *rows_in(folder))}
    return Catalogue(rows.values())
