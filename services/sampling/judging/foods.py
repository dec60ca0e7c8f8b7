"""Which foods a product may be, so that a limit for a group is found for a product.

Two reviewed tables make one graph. ``data/food_categories.csv`` is the national tree (大类, 亚类, 次亚类, 细类);
``data/foods.csv`` adds the words that are printed and the groups that standards speak of. A food may stand under
several groups. A word that means one thing here and another there (花生 as a crop, or roasted) has a food for each
meaning below it, such as 花生(炒货食品及坚果制品).

What is printed narrows: the product's word, the word in brackets, the subcategory and the category each name a part
of the graph, and the product lies where they meet. Words that do not meet leave both open, unless it is the category
that contradicts: then the product belongs nowhere. No part of a word is ever matched; only a state in front (鲜鸡蛋) is
taken away.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

from services.sampling import reviewed
from services.sampling.judging.substances import spelling

_STATES = ("鲜活", "冰鲜", "冷鲜", "鲜", "活", "冻")
_ANY_FOOD = frozenset(("", "餐饮食品"))
"""Categories that say where food is served, not what it is."""
_BETWEEN_LEVELS = str.maketrans("->/|", ",,,,")
"""What stands between the levels where a cell holds several: 食用农产品>水产品>淡水产品."""
_Words = tuple[str, ...]
NOWHERE: _Words = ()


@dataclass(frozen=True)
class Foods:
    """The reviewed words: each with the groups right above it, the other names of a word, the levels of the tree."""

    groups: Mapping[str, frozenset[str]]
    other_names: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)

    def known(self, word: str) -> str | None:
        """The food that a printed word stands for, or none where nobody reviewed it."""
        name = spelling(word)
        for known in (name, *(name.removeprefix(state) for state in _STATES if name.startswith(state))):
            found = self.other_names.get(known, known)
            if found in self.groups:
                return found
        return None

    def above(self, word: str) -> Mapping[str, int]:
        """A word and its groups, each with its distance in steps; empty where the word is not reviewed."""
        name = self.known(word)
        if name is None:
            return {}
        distances = {name: 0}
        edge = [name]
        while edge:
            step = {group for food in edge for group in self.groups.get(food, ())} - distances.keys()
            distances |= dict.fromkeys(step, distances[edge[0]] + 1)
            edge = list(step)
        return distances

    def way(self, food: str, group: str) -> tuple[str, ...]:
        """The shortest way up from a food to a group, both included; empty where there is none."""
        ways: dict[str, _Words] = {food: (food,)}
        edge = {food}
        while edge and group not in ways:
            step = {above for below in edge for above in self.groups[below]} - ways.keys()
            ways |= {name: (*min(ways[at] for at in edge if name in self.groups[at]), name) for name in step}
            edge = step
        return ways.get(group, ())

    @cached_property
    def _below(self) -> Mapping[str, frozenset[str]]:
        below: dict[str, set[str]] = {food: set() for food in self.groups}
        for food in self.groups:
            for group in self.above(food):
                below[group].add(food)
        return {group: frozenset(foods) for group, foods in below.items()}

    def below(self, food: str) -> frozenset[str]:
        """A reviewed food and all that a product of this name may be."""
        return self._below[food]

    def place(self, product: str, category: str, subcategory: str) -> _Words:
        """The narrowest foods that a product may be; ``NOWHERE`` where no word leads anywhere, or they contradict."""
        foods = NOWHERE
        for word in _words(product):
            foods = self._narrowed(foods, word)
        foods = self._narrowed(foods, *self._levels_in(subcategory))
        if category in _ANY_FOOD:
            return foods
        group = self._levels_in(category)
        return self._meeting(foods, group) if foods else group

    def _narrowed(self, foods: _Words, *words: str) -> _Words:
        """Foods as a further word narrows them; both where they contradict, the old where the word is not reviewed."""
        others = tuple(dict.fromkeys(name for word in words if (name := self.known(word))))
        if not foods or not others:
            return foods or others
        return self._meeting(foods, others) or tuple(dict.fromkeys(foods + others))

    def _meeting(self, some: _Words, others: _Words) -> _Words:
        """The widest foods that lie below one of some and below one of others."""
        both = frozenset().union(*(self.below(food) for food in some))
        both &= frozenset().union(*(self.below(food) for food in others))
        return tuple(sorted(food for food in both if len(self.above(food).keys() & both) == 1))

    def _levels_in(self, text: str) -> _Words:
        """The narrowest food that a cell names, of several levels the narrowest that agrees with those in front."""
        foods = NOWHERE
        for part in (text,) if self.known(text) else spelling(text).translate(_BETWEEN_LEVELS).split(","):
            name = self.known(part)
            if name:
                foods = self._meeting(foods, (name,)) or foods or (name,)
        return foods


def _words(product: str) -> Iterable[str]:
    """The whole text, then the word in front of the brackets, then those inside."""
    whole = spelling(product)
    front, _, rest = whole.partition("(")
    return (whole, front, *rest.rstrip(")").split(",")) if rest else (whole,)


def of_rows(rows: Iterable[Mapping[str, str]], levels: Iterable[Mapping[str, str]] = ()) -> Foods:
    """The words of a table with the columns food, group, and as (``kind`` of it, or the ``same``).

    ``levels`` are rows of the national tree, with the columns name, level and parent (empty at the top).
    """
    groups: dict[str, set[str]] = {}
    other_names = {}
    named = {}
    for row in levels:
        name = spelling(row["name"])
        named[name] = row["level"]
        groups.setdefault(name, set()).update(filter(None, (spelling(row["parent"]),)))
    for row in rows:
        food, group = spelling(row["food"]), spelling(row["group"])
        groups.setdefault(group, set())
        if row["as"] == "same":
            other_names[food] = group
        else:
            groups.setdefault(food, set()).add(group)
    return Foods({food: frozenset(above) for food, above in groups.items()}, other_names, named)


@cache
def load() -> Foods:
    """The reviewed words and the national tree of the package."""
    return of_rows(reviewed.rows("foods.csv"), reviewed.rows("food_categories.csv"))


@lru_cache(maxsize=8192)
def place_of(product: str, category: str, subcategory: str) -> tuple[str, ...]:
    """The narrowest foods that a product may be, by the package's own tables."""
    return load().place(product, category, subcategory)


@lru_cache(maxsize=8192)
def groups_of(product: str, category: str, subcategory: str) -> Mapping[str, int]:
    """The reviewed groups that a product is in for certain, each with its distance in steps."""
    ways = [load().above(food) for food in place_of(product, category, subcategory)]
    sure = set.intersection(*(set(way) for way in ways)) if ways else set()
    return {group: max(way[group] for way in ways) for group in sure}
