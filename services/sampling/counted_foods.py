"""Under which names a sample's food counts for a plan: those on its form, and all above them in the national tree.

A form names its food at up to four levels (大类, 亚类, 次亚类, 细类), and often not at all of them. The tree is
``data/food_categories.csv``; a name that it does not know counts for itself. Only the narrowest names are kept: the
rest follows from the tree.
"""

from collections.abc import Iterable
from functools import cache, lru_cache

from services.sampling import reviewed
from services.sampling.judging.foods import Foods, of_rows
from services.sampling.judging.substances import spelling


def narrowest(names: Iterable[str]) -> str:
    """Of the names on a form those that no other one lies below, sorted, with a space between; it stands in no name."""
    spelled = {spelling(name) for name in names} - {""}
    return " ".join(sorted(name for name in spelled if not any(name in _above(other) for other in spelled - {name})))


@lru_cache(maxsize=4096)
def counted(foods: str) -> frozenset[str]:
    """Every name under which a sample counts, by its narrowest ones."""
    names = foods.split()
    return frozenset(names).union(*(_above(name) for name in names))


def _above(name: str) -> Iterable[str]:
    """A name and all that it lies below; nothing where the tree does not know it."""
    return _tree().above(name).keys()


@cache
def _tree() -> Foods:
    return of_rows((), reviewed.rows("food_categories.csv"))
