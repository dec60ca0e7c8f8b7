"""Whether a food comes from animals or plants, for lists that reach only one of them.

A product prints as a word (草鱼), with a second in brackets (鲈鱼（淡水鱼）) or its state behind (泥鳅 活). The
reviewed table ``data/food_origin.csv`` is asked from the surest kind of term to the weakest: the whole word, the
subcategory, a category of one origin (肉制品), the longest ending (鱼 in 裸斑鱼, but 菇 in 鸡腿菇), the beginning
(猪 in 猪上脑), a category as it mostly is. Endings carry what a list of words never completes, the names of fish; the
longest wins, so that 素鸡 is beans and 鸡蛋果 a fruit. What no term knows is unknown: the lists say what that means for
each of them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from services.enforcement import reviewed

_INNER = re.compile(r"\(([^()]*)\)")
_BETWEEN_WORDS = re.compile(r"[\s、,，;；/|·+＋:-]+")
_BRACKETS = str.maketrans("[]{}〔〕【】〈〉", "()()()()()")
_TRAILING_NUMBER = re.compile(r"[0-9]{1,4}$")


class Origin(StrEnum):
    """Where a food comes from."""

    ANIMAL = "animal"
    CROP = "crop"
    MIXED = "mixed"
    NOT_FOOD = "not_food"
    """Tableware, machines, detergents."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Origins:
    """The reviewed terms of each kind."""

    terms: MappingProxyType[str, dict[str, Origin]]
    fillers: tuple[str, ...]
    """States and cuts that may stand behind a food's name, longest first."""

    def of(self, product: str, category: str, subcategory: str = "") -> Origin:
        """The origin of a food; unknown where no reviewed term fits."""
        return next(self._found(product, category, subcategory), Origin.UNKNOWN)

    def _found(self, product: str, category: str, subcategory: str) -> Iterator[Origin]:
        words = _words(product)
        kind, group = _fold(category), _fold(subcategory)
        yield from self._whole("product", words)
        yield from self._whole("subcategory", [group])
        yield from self._whole("category", [kind])
        yield from self._ending([*words, group])
        yield from self._beginning(words)
        yield from self._whole("category_default", [kind])

    def _whole(self, kind: str, words: Iterable[str]) -> Iterator[Origin]:
        terms = self.terms[kind]
        return (terms[word] for word in words if word in terms)

    def _ending(self, words: Iterable[str]) -> Iterator[Origin]:
        terms = self.terms["suffix"]
        for word in words:
            for bare in self._bared(word):
                found = next((bare[start:] for start in range(len(bare)) if bare[start:] in terms), None)
                if found:
                    yield terms[found]
                    break

    def _bared(self, word: str) -> Iterator[str]:
        """The word, then without one state or cut after the other."""
        while word:
            yield word
            filler = next((filler for filler in self.fillers if word.endswith(filler)), None)
            if filler is None:
                return
            word = word.removesuffix(filler)

    def _beginning(self, words: Iterable[str]) -> Iterator[Origin]:
        terms = self.terms["prefix"]
        for word in words:
            found = next((word[:end] for end in range(len(word), 0, -1) if word[:end] in terms), None)
            if found:
                yield terms[found]


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_BRACKETS).strip()


def _words(product: str) -> list[str]:
    """What stands outside brackets, then what stands in them."""
    folded = _fold(product)
    outside = _BETWEEN_WORDS.split(_INNER.sub("", folded))
    inside = [word for group in _INNER.findall(folded) for word in _BETWEEN_WORDS.split(group)]
    return [bare for word in (*outside, *inside) if (bare := _TRAILING_NUMBER.sub("", word))]


@cache
def load() -> Origins:
    """The reviewed table of this package.

    Raises:
        ValueError: An origin of a row is not readable.
    """
    kinds = ("product", "subcategory", "category", "suffix", "prefix", "category_default")
    terms: dict[str, dict[str, Origin]] = {kind: {} for kind in kinds}
    fillers: list[str] = []
    for row in reviewed.rows("food_origin.csv"):
        if row["kind"] == "filler":
            fillers.append(_fold(row["term"]))
        else:
            terms[row["kind"]][_fold(row["term"])] = Origin(row["origin"])
    return Origins(MappingProxyType(terms), tuple(sorted(fillers, key=lambda filler: (-len(filler), filler))))
