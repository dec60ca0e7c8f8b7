"""The partners file: who is outside, and what is wrong with the file when something is."""

from pathlib import Path
from typing import get_args

import pytest

from shared.contracts.catalogue import PartnerKind
from shared.failure import CannotStartError
from shared.keys import new_seed, public_key_of
from shared.partners import Partner, read_partners

LAB = '[[partner]]\nkind = "lab"\nid = "L0142"\n'
SAMPLER = '[[partner]]\nkind = "sampler"\nid = "S01"\nregion = "21.02.83"\n'
POLICE = '[[partner]]\nkind = "police"\nregion = "21.02.83"\n'


def written(folder: Path, text: str) -> Path:
    """A partners file with this text."""
    path = folder / "partners.toml"
    path.write_text(text, "utf-8")
    return path


def complaint(folder: Path, text: str) -> str:
    """What is said of a partners file with this text, without its name."""
    path = written(folder, text)
    with pytest.raises(CannotStartError) as stopped:
        read_partners(path)
    assert str(stopped.value).startswith(f"The partners file {path} ")
    return str(stopped.value).removeprefix(f"The partners file {path} ")


def test_file_is_read_in_its_order(tmp_path: Path) -> None:
    """Each entry becomes a partner with its name on the bus."""
    key = public_key_of(new_seed())
    text = LAB + f'name = "庄河市检验检测中心"\npublic_key = "{key}"\n' + POLICE
    assert read_partners(written(tmp_path, text)) == (
        Partner(kind="lab", id="L0142", name="庄河市检验检测中心", public_key=key),
        Partner(kind="police", region="21.02.83"),
    )


def test_empty_file_names_nobody(tmp_path: Path) -> None:
    """An exchange may start without partners."""
    assert read_partners(written(tmp_path, "")) == ()


@pytest.mark.parametrize(
    ("partner", "user"),
    [
        (Partner(kind="lab", id="L0142"), "lab-L0142"),
        (Partner(kind="insurer", id="I007"), "insurer-I007"),
        (Partner(kind="police", region="21.02.83"), "police-210283"),
        (Partner(kind="procuratorate", region="21.02.83"), "procuratorate-210283"),
        (Partner(kind="sampler", id="S01", region="21.02.83"), "sampler-S01"),
        (Partner(kind="officer", id="O007", region="21.02.83"), "officer-O007"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_user_is_named_after_kind_and_id_or_region(partner: Partner, user: str) -> None:
    """A laboratory, an insurer or a person is named by its id, an authority by its region."""
    assert user == partner.user


def test_people_are_the_samplers_and_officers() -> None:
    """Of all kinds of partner these two are persons of the agency."""
    partners = [Partner(kind=kind, id="X01", region="21.02.83") for kind in get_args(PartnerKind)]
    assert [partner.kind for partner in partners if partner.is_person] == ["sampler", "officer"]


@pytest.mark.parametrize(
    ("region", "area"),
    [("21.02.83", "21.02.83"), ("21.02.00", "21.02.*"), ("21.00.00", "21.*.*"), ("10.20.30", "10.20.30")],
)
def test_area_is_the_region_with_all_below(region: str, area: str) -> None:
    """GB/T 2260's 00 stands for all places of the level below, and for nothing else."""
    assert area == Partner(kind="officer", id="O007", region=region).area


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there is named with the reason."""
    with pytest.raises(CannotStartError, match=r"The partners file .*nobody\.toml cannot be read: .*No such file"):
        read_partners(tmp_path / "nobody.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[partner]", "cannot be read: "),
        ("partner = 3", "holds something else than [[partner]] entries."),
        ("[partner]\nkind = 'lab'", "holds something else than [[partner]] entries."),
        (LAB.replace("partner", "partners"), "holds something else than [[partner]] entries."),
        ("partner = [1]", "is wrong in entry 1, entry: "),
        (LAB + POLICE + '[[partner]]\nkind = "shop"\nid = "S1"', "is wrong in entry 3, kind: "),
        ('[[partner]]\nid = "L0142"', "is wrong in entry 1, kind: Field required"),
        ('[[partner]]\nkind = "lab"', "is wrong in entry 1, entry: Value error, a lab needs an id such as L0142"),
        ('[[partner]]\nkind = "insurer"', "is wrong in entry 1, entry: Value error, a insurer needs an id"),
        ('[[partner]]\nkind = "police"', "is wrong in entry 1, entry: Value error, a police needs its region"),
        ('[[partner]]\nkind = "police"\nregion = "210283"', "is wrong in entry 1, region: "),
        (SAMPLER.replace("id", "#"), "is wrong in entry 1, entry: Value error, a sampler needs an id"),
        (SAMPLER.replace("region", "#"), "is wrong in entry 1, entry: Value error, a sampler needs its region"),
        (
            SAMPLER.replace("21.02.83", "00.00.00"),
            "is wrong in entry 1, entry: Value error, a sampler needs its region",
        ),
        (SAMPLER.replace("02", "00"), "is wrong in entry 1, entry: Value error, 21.00.83 is no region: 00 stands at"),
        (SAMPLER + SAMPLER, "names sampler-S01 more than once."),
        ('[[partner]]\nkind = "police"\nregion = "21.*.>"', "is wrong in entry 1, region: "),
        ('[[partner]]\nkind = "lab"\nid = "l0142"', "is wrong in entry 1, id: "),
        ('[[partner]]\nkind = "lab"\nid = "L.>"', "is wrong in entry 1, id: "),
        ('[[partner]]\nkind = "lab"\nid = "*"', "is wrong in entry 1, id: "),
        ('[[partner]]\nkind = "lab"\nid = "L\\n1"', "is wrong in entry 1, id: "),
        (LAB + 'seed = "SU"', "is wrong in entry 1, seed: Extra inputs are not permitted"),
        (LAB + 'public_key = "U} }"', "is wrong in entry 1, public_key: "),
        (LAB + f'public_key = "{new_seed()}"', "is wrong in entry 1, public_key: "),
        (LAB + LAB, "names lab-L0142 more than once."),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_mistake_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    """A mistake in the file stops with the file, the entry and the field in one sentence."""
    assert complaint(tmp_path, text).startswith(said)


def test_two_partners_cannot_share_a_key(tmp_path: Path) -> None:
    """The key is the identity: one that stands twice is named."""
    key = public_key_of(new_seed())
    entry = f'{LAB}public_key = "{key}"\n'
    assert complaint(tmp_path, entry + entry.replace("L0142", "L0200")) == f"names {key} more than once."


def test_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """A file that is not UTF-8 is named, without a traceback."""
    path = tmp_path / "partners.toml"
    path.write_bytes('name = "庄河"'.encode("gb18030"))
    with pytest.raises(CannotStartError, match="cannot be read"):
        read_partners(path)
