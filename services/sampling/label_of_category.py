"""A food category as a metric's label: the top of the national tree, so that no spelling makes a label of its own."""

from functools import lru_cache

from services.sampling.judging.foods import load

TOP = "大类"
OTHER = "other"


@lru_cache(maxsize=4096)
def label_of(category: str) -> str:
    """The top-level category that a printed one lies in, such as 食用农产品; ``other`` where there is not just one."""
    tree = load()
    tops = [name for name in tree.above(category) if tree.levels.get(name) == TOP]
    return tops[0] if len(tops) == 1 else OTHER
