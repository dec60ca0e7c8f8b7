"""Under which names a sample's food counts: those on its form, and all above them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling import reviewed
from services.sampling.counted_foods import counted, narrowest

NAMES = st.sampled_from([row["name"] for row in reviewed.rows("food_categories.csv")] + ["面包粉", ""])


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (("粮食加工品", "小麦粉", "通用小麦粉", ""), "通用小麦粉"),
        (("粮食加工品", "", "", "通用小麦粉"), "通用小麦粉"),
        (("粮食加工品", "小麦粉", "", "面包粉"), "小麦粉 面包粉"),
        (("糕点", "糕点", "", ""), "糕点"),
        (("食用油、 油脂及其制品", "", "", ""), "食用油,油脂及其制品"),
        (("", "", "", ""), ""),
    ],
)
def test_narrowest_names_are_kept(names: tuple[str, ...], kept: str) -> None:
    """What follows from a narrower name is left out; a name that the tree does not know is kept beside the others."""
    assert kept == narrowest(names)


def test_names_above_count_too() -> None:
    """A sample counts under its name and all above it; one that the tree does not know counts under its name alone."""
    assert {"通用小麦粉", "小麦粉", "粮食加工品"} == counted("通用小麦粉")
    assert {"小麦粉", "粮食加工品", "面包粉"} == counted("小麦粉 面包粉")
    assert set() == counted("")


@given(st.lists(NAMES, max_size=4))
def test_no_name_is_lost(names: list[str]) -> None:
    """Whatever a form names, the sample counts under it, and under what each of its names counts for."""
    everything = {name for one in names for name in counted(narrowest((one,)))}
    assert everything == counted(narrowest(names))
