"""Products and their groups."""

import pytest

from services.sampling.judging.foods import Foods, groups_of, load, of_rows


@pytest.mark.parametrize(
    ("product", "category", "subcategory", "group"),
    [
        ("泥鳅", "食用农产品", "", "鱼类"),
        ("泥鳅（活）", "食用农产品", "生鲜（冻）水产品", "水产品"),
        ("鲜鸡蛋", "食用农产品", "鲜蛋", "鲜蛋"),
        ("冰鲜黄花鱼", "食用农产品", "", "海水鱼"),
        ("皮皮虾（海水虾）", "食用农产品", "", "虾蛄"),
        ("某某虾（海水虾）", "食用农产品", "", "甲壳类"),
        ("没有的鱼", "食用农产品", "生鲜（冻）水产品", "水产品"),
        ("没有的糕", "糕点", "", "糕点"),
        ("凉皮", "餐饮食品", "", "淀粉制品"),
    ],
)
def test_a_product_is_in_its_groups(product: str, category: str, subcategory: str, group: str) -> None:
    """The product's word, the word in brackets, or the category leads up the tree."""
    assert group in groups_of(product, category, subcategory)


@pytest.mark.parametrize(
    ("product", "category"),
    [("带鱼", "罐头"), ("生姜", "蔬菜制品"), ("没有的鱼", "没有的大类"), ("鱼形糖果", "没有的大类"), ("", "")],
)
def test_a_contradiction_belongs_nowhere(product: str, category: str) -> None:
    """A product that its category contradicts, or that nobody reviewed, has no groups."""
    assert groups_of(product, category, "") == {}


def test_the_nearest_way_counts() -> None:
    """A group that is reached on two ways is as far as the shorter one (made words)."""
    rows = [("a", "b", "kind"), ("b", "c", "kind"), ("a", "c", "kind"), ("alpha", "a", "same")]
    foods = of_rows({"food": food, "group": group, "as": how} for food, group, how in rows)
    assert foods.above("alpha") == {"a": 0, "b": 1, "c": 1}


def test_the_reviewed_words_hold_together() -> None:
    """No word of the package is above itself, and every other name stands for a word that is known."""
    foods = load()
    assert isinstance(foods, Foods)
    for word, groups in foods.groups.items():
        assert all(word not in foods.above(group) for group in groups)
    assert set(foods.other_names.values()) <= foods.groups.keys()
    assert foods.other_names.keys().isdisjoint(foods.groups)
