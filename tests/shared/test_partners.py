"""The partners file: who is outside, and what is wrong with the file when something is."""

from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from shared.contracts.catalogue import PartnerKind
from shared.failure import CannotStartError
from shared.keys import new_seed, public_key_of
from shared.partners import AUTHORITIES, Partner, read_partners

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


def test_people_are_samplers_officers_and_the_head_of_the_agency() -> None:
    """Of all kinds of partner these are persons; each has an id, and an authority has none."""
    ids: dict[PartnerKind, dict[str, Any]] = {
        kind: {} if kind in AUTHORITIES else {"id": "X01"} for kind in get_args(PartnerKind)
    }
    partners = [Partner(kind=kind, region="21.02.83", **id_) for kind, id_ in ids.items()]
    assert ["sampler", "officer", "head"] == [partner.kind for partner in partners if partner.is_person]
    assert {"police": "210283", "procuratorate": "210283", "head": "X01"}.items() <= {
        partner.kind: partner.token for partner in partners
    }.items()


@pytest.mark.parametrize("kind", AUTHORITIES)
def test_authority_with_an_id_is_refused(kind: PartnerKind) -> None:
    """Its region names it; a second name would be another prefix on the bus."""
    with pytest.raises(ValidationError, match=f'what has kind = "{kind}" is named by its region; leave the id out'):
        Partner(kind=kind, id="X01", region="21.02.83")


@pytest.mark.parametrize(
    ("region", "area"),
    [("21.02.83", "21.02.83"), ("21.02.00", "21.02.*"), ("21.00.00", "21.*.*"), ("10.20.30", "10.20.30")],
)
def test_area_is_the_region_with_all_below(region: str, area: str) -> None:
    """GB/T 2260's 00 stands for all places of the level below, and for nothing else."""
    assert area == Partner(kind="officer", id="O007", region=region).area


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there, and a folder, are named with what to do."""
    with pytest.raises(CannotStartError, match=r"The partners file .*nobody\.toml is not there; write it, or name the"):
        read_partners(tmp_path / "nobody.toml")
    with pytest.raises(CannotStartError, match=r"cannot be read \(Is a directory\); name a file that you may read\."):
        read_partners(tmp_path)


ID = "write 2 to 32 capital letters, figures and -, such as L0142."
REGION = "write province.city.county in figures as GB/T 2260 has them, such as 21.02.83."
KEY = "copy the whole line that its owner's `shian lab keygen` or `shian person keygen` printed."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[partner]", "cannot be read: it is no TOML. "),
        ("partner = 3", "holds something else than [[partner]] entries."),
        ("[partner]\nkind = 'lab'", "holds something else than [[partner]] entries."),
        (LAB.replace("partner", "partners"), "holds something else than [[partner]] entries."),
        ("partner = [1]", "is wrong in entry 1, it is no table; write [[partner]], and below it"),
        (
            LAB + POLICE + '[[partner]]\nkind = "shop"\nid = "S1"',
            "is wrong in entry 3 (shop S1), kind: 'shop' cannot stand there; write one of lab, insurer, police, ",
        ),
        ('[[partner]]\nid = "L0142"', "is wrong in entry 1 (L0142), kind is missing; write one of lab, "),
        ('[[partner]]\nkind = "lab"', 'is wrong in entry 1 (lab), what has kind = "lab" needs an id, such as id = "L'),
        ('[[partner]]\nkind = "insurer"', 'is wrong in entry 1 (insurer), what has kind = "insurer" needs an id'),
        ('[[partner]]\nkind = "police"', 'is wrong in entry 1 (police), what has kind = "police" needs its region'),
        (
            '[[partner]]\nkind = "police"\nregion = "210283"',
            f"is wrong in entry 1 (police), region: '210283' cannot stand there; {REGION}",
        ),
        (SAMPLER.replace("id", "#"), 'is wrong in entry 1 (sampler), what has kind = "sampler" needs an id'),
        (
            SAMPLER.replace("region", "#"),
            'is wrong in entry 1 (sampler S01), what has kind = "sampler" needs its region, such as region = "21',
        ),
        (SAMPLER.replace("21.02.83", "00.00.00"), 'is wrong in entry 1 (sampler S01), what has kind = "sampler" needs'),
        (SAMPLER.replace("02", "00"), "is wrong in entry 1 (sampler S01), 21.00.83 is no region: 00 stands at"),
        (SAMPLER + SAMPLER, "names sampler-S01 more than once."),
        ('[[partner]]\nkind = "police"\nregion = "21.*.>"', "is wrong in entry 1 (police), region: "),
        (
            '[[partner]]\nkind = "lab"\nid = "l0142"',
            f"is wrong in entry 1 (lab l0142), id: 'l0142' cannot stand there; {ID}",
        ),
        ('[[partner]]\nkind = "lab"\nid = 142', f"is wrong in entry 1 (lab), id: 142 cannot stand there; {ID}"),
        ('[[partner]]\nkind = "lab"\nid = "L.>"', "is wrong in entry 1 (lab L.>), id: "),
        ('[[partner]]\nkind = "lab"\nid = "*"', "is wrong in entry 1 (lab *), id: "),
        ('[[partner]]\nkind = "lab"\nid = "L\\n1"', "is wrong in entry 1 (lab), id: "),
        (LAB + "name = 1", "is wrong in entry 1 (lab L0142), name: 1 cannot stand there; write a text in quotation"),
        (
            LAB + 'seed = "SU"',
            "is wrong in entry 1 (lab L0142), seed is no field of a partner; leave it out, or write one of kind, id, ",
        ),
        (
            LAB + 'public_key = "U} }"',
            "is wrong in entry 1 (lab L0142), public_key: 'U} }' is no public key, which is U and 55 further capital ",
        ),
        (LAB + LAB, "names lab-L0142 more than once."),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_mistake_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    """A mistake in the file stops with the file, the entry, the field and what to write, in one line."""
    complained = complaint(tmp_path, text)
    assert complained.startswith(said)
    assert "\n" not in complained


def test_mistyped_key_is_named(tmp_path: Path) -> None:
    """A key in which one figure is wrong is refused before anybody is locked out by it."""
    key = public_key_of(new_seed())
    mistyped = key[:20] + ("A" if key[20] != "A" else "B") + key[21:]
    assert complaint(tmp_path, f'{POLICE}{LAB}public_key = "{mistyped}"') == (
        f"is wrong in entry 2 (lab L0142), public_key: '{mistyped}' is mistyped: its checksum does not fit; {KEY}"
    )


def test_seed_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    """A seed that was handed in is not shown to whoever reads the sentence; its owner needs a new key."""
    seed = new_seed()
    complained = complaint(tmp_path, f'{LAB}public_key = "{seed}"')
    assert seed[1:] not in complained
    assert "only its owner may know; let them make a new key" in complained


def test_two_partners_cannot_share_a_key(tmp_path: Path) -> None:
    """The key is the identity: one that stands twice is named."""
    key = public_key_of(new_seed())
    entry = f'{LAB}public_key = "{key}"\n'
    assert complaint(tmp_path, entry + entry.replace("L0142", "L0200")) == f"names {key} more than once."


def test_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """A file that is not UTF-8 is named, without a traceback."""
    path = tmp_path / "partners.toml"
    path.write_bytes('name = "庄河"'.encode("gb18030"))
    with pytest.raises(CannotStartError, match="cannot be read: it is not in UTF-8; save it"):
        read_partners(path)
