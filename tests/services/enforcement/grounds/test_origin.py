"""Where a food comes from, by its printed name and category."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enforcement.grounds.origin import Origin, load
from tests.services.enforcement.grounds.published import published_failures

ORIGINS = load()

ANIMALS = (
    "泥鳅（活） 鲈鱼（淡水鱼） 梭子蟹（海水蟹） 生鱼（黑鱼） 鸡腿螺 贵妃蚌 裸斑鱼 福寿鱼 花鱼 明虾 牛蛙 柴鸡蛋 "
    "三黄鸡 猪里脊肉 冰鲜黄花鱼 大黄鱼 多宝鱼 石斑鱼 桂鱼 鳜鱼（桂花鱼） 黄骨鱼 黄辣丁 江团 草鲩 花鲢 鲫鱼1 "
    "黄鳝 甲鱼 美蛙 基围虾 南美白对虾 小龙虾 罗氏虾 皮皮虾 大闸蟹 青蟹 花甲 花蛤 白贝 扇贝 生蚝 蛏子 圣子王 "
    "海瓜子 淡菜 田螺 东风螺 鲍鱼 海参 海蜇 鱿鱼 墨鱼仔 八爪鱼 虾仁 虾米 鱼丸 猪肉 猪肝 猪蹄 猪上脑 五花肉 "
    "猪耳朵 牛腩 肥牛卷 牛百叶 羊肉卷 羊排 鸡翅 鸡爪 乌鸡 白条鸭 鸭血 鹅肝 乳鸽 兔肉 驴肉 鸡胗 鲜鸡蛋 鹌鹑蛋 "
    "皮蛋 生鲜乳 牛奶 羊奶 蜂蜜"
)
CROPS = (
    "鸡腿菇 鱼腥草 牛油果 蟹味菇 鸡蛋果 牛奶枣 羊角蜜 水蜜桃 哈密瓜 蜜柚 牛蒡 鸡毛菜 羊肚菌 牛肝菌 猴头菇 "
    "鸡枞菌 虎皮青椒 马蹄 仙人掌 韭菜 豇豆 芹菜 菠菜 生姜 山药 丑柑 香蕉 羊角豆 牛角椒 杏鲍菇 木耳 海带 紫菜 "
    "人参 百合 莲藕 土豆 番薯 玉米 大米 花生 核桃仁 贝贝南瓜 娃娃菜 油麦菜 上海青菜 砂糖橘 火龙果 人参果 "
    "小米椒 菜心 豆芽 豆腐 素鸡 面筋 牛心柿 鸡头米 川贝"
)


@pytest.mark.parametrize("product", ANIMALS.split())
def test_food_of_animals_is_known_by_its_name(product: str) -> None:
    """Farm produce of animal origin is known without a subcategory."""
    assert ORIGINS.of(product, "食用农产品") is Origin.ANIMAL


@pytest.mark.parametrize("product", CROPS.split())
def test_crops_named_after_animals_stay_crops(product: str) -> None:
    """The longest ending wins, and whole words go before endings."""
    assert ORIGINS.of(product, "食用农产品") is Origin.CROP


@pytest.mark.parametrize(
    ("product", "category", "subcategory", "origin"),
    [
        ("老汤", "肉制品", "", Origin.ANIMAL),
        ("黑蜂乳蜜", "蜂产品", "", Origin.ANIMAL),
        ("某某", "食用农产品", "生鲜（冻）水产品", Origin.ANIMAL),
        ("某某", "食用农产品", "叶菜类蔬菜", Origin.CROP),
        ("即食海带丝", "水产制品", "", Origin.CROP),
        ("鸡蛋挂面", "粮食加工品", "", Origin.CROP),
        ("百叶", "豆制品", "", Origin.CROP),
        ("水煮鱼", "餐饮食品", "", Origin.ANIMAL),
        ("凉皮", "餐饮食品", "", Origin.MIXED),
        ("小碟（复用餐饮具）", "餐饮食品", "", Origin.NOT_FOOD),
        ("和面机", "食品相关产品", "食品机械设备", Origin.NOT_FOOD),
        ("某某", "食用农产品", "", Origin.UNKNOWN),
        ("", "", "", Origin.UNKNOWN),
    ],
)
def test_category_and_subcategory_help(product: str, category: str, subcategory: str, origin: Origin) -> None:
    """Where the product's own word does not decide, its groups do; what no term knows is unknown."""
    assert ORIGINS.of(product, category, subcategory) is origin


def test_no_published_food_with_a_residue_is_of_unknown_origin() -> None:
    """Every published food in which a residue failed is known by the table."""
    residues = [row for row in published_failures() if row.group not in {"microbio", "other", "quality"}]
    unknown = {
        row.sample.product
        for row in residues
        if ORIGINS.of(row.sample.product, row.sample.category, row.sample.subcategory) is Origin.UNKNOWN
    }
    assert unknown == set()


@given(st.text(max_size=20), st.text(max_size=8), st.text(max_size=8))
def test_any_text_has_an_origin(product: str, category: str, subcategory: str) -> None:
    """No printed product breaks the look-up."""
    assert ORIGINS.of(product, category, subcategory) in Origin
