"""A category's label is the top of the national tree, whatever a laboratory writes."""

import pytest

from services.sampling.label_of_category import label_of


@pytest.mark.parametrize(
    ("label", "category"),
    [
        ("食用农产品", "食用农产品"),
        ("食用农产品", " 食用农产品 "),
        ("食用农产品", "水产品"),
        ("粮食加工品", "通用小麦粉"),
        ("other", "外星食品"),
        ("other", ""),
        ("other", "x" * 5000),
    ],
)
def test_label_is_the_top_of_the_tree(label: str, category: str) -> None:
    """A name at any level leads to its top; one that the tree does not know is other."""
    assert label == label_of(category)
