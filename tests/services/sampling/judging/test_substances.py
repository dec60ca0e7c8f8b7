"""Printed analytes and the substances that they are."""

import csv
from importlib import resources
from pathlib import Path

import pytest

from services.sampling.judging.substances import Substance, load, spelling, substance
from shared.contracts.sample import Hazard

PUBLISHED = Path(__file__).parents[4] / "demo" / "published_failures.csv"


@pytest.mark.parametrize(
    ("printed", "name", "hazard"),
    [
        ("铅（以Pb计）", "铅", Hazard.METAL),
        ("铅(Pb)", "铅", Hazard.METAL),
        ("铅 Pb", "铅", Hazard.METAL),
        ("铅,以Pb计", "铅", Hazard.METAL),
        ("铝的残留量（干样品，以Al计）", "铝的残留量", Hazard.ADDITIVE),
        ("恩诺沙星（以恩诺沙星与环丙沙星之和计）", "恩诺沙星", Hazard.VETERINARY_DRUG),
        ("呋喃唑酮代谢物", "呋喃唑酮", Hazard.VETERINARY_DRUG),
        ("呋喃西林代谢物 SEM", "呋喃西林", Hazard.VETERINARY_DRUG),
        ("AMOZ", "呋喃它酮", Hazard.VETERINARY_DRUG),
        ("ＡＨＤ", "呋喃妥因", Hazard.VETERINARY_DRUG),
        ("隐色孔雀石绿", "孔雀石绿", Hazard.VETERINARY_DRUG),
        ("五氯酚酸钠（以五氯酚计）", "五氯酚酸钠", Hazard.VETERINARY_DRUG),
        ("3-羟基克百威", "克百威", Hazard.PESTICIDE),
        ("黄曲霉毒素B₁", "黄曲霉毒素B1", Hazard.MYCOTOXIN),
        ("苯并［a］芘", "苯并[a]芘", Hazard.CONTAMINANT),
        ("2，4-滴", "2,4-滴", Hazard.PESTICIDE),
        ("单增李斯特菌", "单核细胞增生李斯特氏菌", Hazard.PATHOGEN),
        ("山梨酸及其钾盐﹙以山梨酸计﹚", "山梨酸及其钾盐", Hazard.ADDITIVE),
        ("标签-食品添加剂", "标签", Hazard.LABEL),
    ],
)
def test_aliases_lead_to_one_substance(printed: str, name: str, hazard: Hazard) -> None:
    """Symbols, metabolites, salts and bases of counting lead to the reviewed substance."""
    assert (name, hazard) == (substance(printed).name, substance(printed).hazard)


@pytest.mark.parametrize("printed", ["菌落总数﹙CFU/g﹚", "菌落总数/(CFU/g)", "菌落总数（CFU/g）", "菌落总数,CFU/g"])
def test_the_unit_of_the_column_is_kept_apart(printed: str) -> None:
    """A unit behind the name is no part of it, and is the unit of results without one."""
    assert Substance("菌落总数", Hazard.MICROBIOLOGY, "CFU/g") == substance(printed)


@pytest.mark.parametrize("printed", ["接地措施", "铅笔", "含铅", "镉米", "氯霉素样物质", "", "（以Pb计）", "mg/kg"])
def test_an_unknown_name_is_itself(printed: str) -> None:
    """No part of a name is ever matched: what is not reviewed keeps its name and an unknown hazard."""
    assert (printed, Hazard.UNKNOWN) == (substance(printed).name, substance(printed).hazard)


def test_a_group_of_pesticides_is_not_a_metal() -> None:
    """铅类 stands on a list of banned pesticides and is not lead in rice."""
    assert Hazard.PESTICIDE is substance("铅类").hazard
    assert substance("铅").name != substance("铅类").name


def test_residues_and_germs_are_bounded_above() -> None:
    """A limit without a sign is a maximum for residues, contaminants and counts, and stays open for others."""
    names = ("毒死蜱", "镉", "菌落总数", "铝的残留量", "蛋白质", "山梨酸", "结构")
    assert [substance(name).bounded_above for name in names] == [True, True, True, True, False, False, False]


def test_every_published_analyte_is_reviewed() -> None:
    """Of the published failures only the tests of kitchen machines are not substances."""
    with PUBLISHED.open(encoding="utf-8-sig", newline="") as lines:
        unknown = {
            row["subcategory"] for row in csv.DictReader(lines) if substance(row["analyte"]).hazard is Hazard.UNKNOWN
        }
    assert unknown == {"食品机械设备"}


def test_no_alias_is_ambiguous() -> None:
    """An alias leads to one substance, and every substance is an alias of itself."""
    text = resources.files("services.sampling").joinpath("data/substances.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == len({row["alias"] for row in rows})
    for row in rows:
        assert load()[spelling(row["alias"])][0] == row["substance"]
        assert load()[spelling(row["substance"])][0] == row["substance"]
