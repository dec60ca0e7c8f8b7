"""Which groups of food a product belongs to, so that a limit for a group is found for a product.

A printed product is a word (泥鳅), perhaps with a second in brackets (泥鳅（淡水鱼）) or its state in front (鲜鸡蛋).
The reviewed table ``data/foods.csv`` leads from words to groups; a word that is not in it belongs nowhere, and no part
of a word is ever matched. A product whose groups contradict the reported category (带鱼 in a tin) belongs nowhere
either.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources

from services.sampling.substances import spelling

_STATES = ("鲜活", "冰鲜", "冷鲜", "鲜", "活", "冻")
_ANY_FOOD = frozenset(("", "餐饮食品"))
"""Categories that say where food is served, not what it is."""
NOWHERE: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Foods:
    """The reviewed words: each with its groups, and the other names of a word."""

    groups: Mapping[str, frozenset[str]]
    other_names: Mapping[str, str] = field(default_factory=dict)

    def above(self, word: str) -> Mapping[str, int]:
        """A word and its groups, each with its distance in steps; empty where the word is not reviewed."""
        name = self._reviewed(word)
        if name is None:
            return NOWHERE
        distances = {name: 0}
        edge = [name]
        while edge:
            step = {group for food in edge for group in self.groups.get(food, ())} - distances.keys()
            distances |= dict.fromkeys(step, distances[edge[0]] + 1)
            edge = list(step)
        return distances

    def _reviewed(self, word: str) -> str | None:
        name = spelling(word)
        for known in (name, *(name.removeprefix(state) for state in _STATES if name.startswith(state))):
            found = self.other_names.get(known, known)
            if found in self.groups:
                return found
        return None

    def of(self, product: str, category: str, subcategory: str) -> Mapping[str, int]:
        """The groups of a product with their distances; the product's own word counts before its category's."""
        for word in (*_words(product), subcategory, category):
            groups = self.above(word)
            if groups:
                agrees = spelling(category) in groups or category in _ANY_FOOD
                return groups if agrees else NOWHERE
        return NOWHERE


def _words(product: str) -> Iterable[str]:
    """The whole text, then the word in front of the brackets, then those inside."""
    whole = spelling(product)
    front, _, rest = whole.partition("(")
    return (whole, front, *rest.rstrip(")").split(",")) if rest else (whole,)


def of_rows(rows: Iterable[Mapping[str, str]]) -> Foods:
    """The words of a table with the columns food, group, and as (``kind`` of it, or the ``same``)."""
    groups: dict[str, set[str]] = {}
    other_names = {}
    for row in rows:
        food, group = spelling(row["food"]), spelling(row["group"])
        groups.setdefault(group, set())
        if row["as"] == "same":
            other_names[food] = group
        else:
            groups.setdefault(food, set()).add(group)
    return Foods({food: frozenset(above) for food, above in groups.items()}, other_names)


@cache
def load() -> Foods:
    """The reviewed words of the package."""
    text = resources.files(__package__).joinpath("data/foods.csv").read_text(encoding="utf-8")
    return of_rows(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=8192)
def groups_of(product: str, category: str, subcategory: str) -> Mapping[str, int]:
    """The reviewed groups of a product, by the package's own table."""
    return load().of(product, category, subcategory)
