"""Which rows of a standard hold for a product of which only a group is known.

A row covers the foods below its terms, without those below its exceptions. A product printed as 海水虾 may be any food
below that word, so each of these foods is asked which rows cover it, and those with the same answer are one case. A
row is narrower than another at a food if each term that leads the other there has a term of the row below it: the
row for 虾蛄 comes before the row for 甲壳类, and neither of 粉丝粉条 and 淀粉制品 comes before the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.sampling.judging.foods import Foods


@dataclass(frozen=True, slots=True)
class Reach:
    """The foods that a row is for: the groups that its standard names, and those that it leaves out."""

    terms: frozenset[str]
    exceptions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """Foods of which the rows know the same; rows are named by their place in the sequence that was asked for."""

    rows: tuple[int, ...]
    narrower: Mapping[int, frozenset[int]]
    """For each row those that come before it."""
    apart: Mapping[int, frozenset[int]]
    """For each row those for other foods, of which neither comes before the other."""


_Covering = tuple[tuple[int, frozenset[str]], ...]
"""The rows that cover a food, each with its terms that lead there."""


def cases(reaches: Sequence[Reach], foods: Foods, place: Iterable[str]) -> tuple[Case, ...]:
    """What a product may be, as far as the rows tell it apart; the case of the words themselves comes first.

    Empty where the place is. A case without rows says that the product may be a food for which no row is.
    """
    reached = [_reached(reach, foods) for reach in reaches]
    found: dict[_Covering, None] = {}
    for word in place:
        for food in (word, *sorted(foods.below(word) - {word})):
            covering = [at for at, covered in enumerate(reached) if food in covered]
            above = frozenset(foods.above(food)) if covering else frozenset[str]()
            found.setdefault(tuple((at, reaches[at].terms & above) for at in covering))
    return tuple(_case(covering, foods) for covering in found)


def _reached(reach: Reach, foods: Foods) -> frozenset[str]:
    within = frozenset[str]().union(*(foods.below(term) for term in reach.terms))
    return within.difference(*(foods.below(term) for term in reach.exceptions))


def _case(covering: _Covering, foods: Foods) -> Case:
    narrower = {
        at: frozenset(other for other, its in covering if _is_below(its, terms, foods)) for at, terms in covering
    }
    apart = {
        at: frozenset(
            other for other, its in covering if its != terms and other not in narrower[at] and at not in narrower[other]
        )
        for at, terms in covering
    }
    return Case(tuple(at for at, _ in covering), narrower, apart)


def _is_below(some: frozenset[str], others: frozenset[str], foods: Foods) -> bool:
    return all(any(term != other and term in foods.below(other) for term in some) for other in others)
