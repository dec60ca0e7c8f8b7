"""Who acts: the name on the bus, and a person's own key."""

from pathlib import Path

import pytest

from partners.person import keygen, person
from shared.failure import CannotStartError
from shared.keys import public_key_of
from shared.partners import read_partners


@pytest.mark.parametrize(
    ("user", "role"), [("sampler-S01", "sampler"), ("officer-O007", "officer"), ("lab-L0142", "lab")]
)
def test_person_is_found_by_the_name_on_the_bus(user: str, role: str) -> None:
    """Role and id stand in the name, and the teller of events is made of them."""
    found = person(user, role)
    assert (user, user.replace("-", "."), role) == (found.user, found.teller, found.role)


@pytest.mark.parametrize(
    ("user", "role", "words"),
    [
        ("officer-O007", "sampler", "officer-O007 is an officer, and this is for a sampler to do"),
        ("sampler-S01", "lab", "sampler-S01 is a sampler, and this is for a laboratory to do"),
        ("O007", "officer", "--as O007 names nobody; write the role and the id, such as officer-O007"),
        ("insurer-I007", "officer", "names nobody"),
        ("lab-", "lab", "names nobody; write the role and the id, such as lab-L0142"),
    ],
)
def test_somebody_else_is_told_who_can_do_it(user: str, role: str, words: str) -> None:
    """A command that is not for this role says so before anything is read."""
    with pytest.raises(CannotStartError, match=words):
        person(user, role)


def test_key_is_made_once_and_fits_the_partners_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The lines that are printed are an entry of the partners file; made again they are the same."""
    keygen("officer", "O007", "21.02.83", tmp_path / "keys")
    lines, said = capsys.readouterr()
    keygen("officer", "O007", "21.02.83", tmp_path / "keys")
    assert lines == capsys.readouterr().out
    (tmp_path / "partners.toml").write_text(lines, "utf-8")
    (officer,) = read_partners(tmp_path / "partners.toml")
    seed = (tmp_path / "keys" / "officer-O007.nk").read_text("ascii")
    assert ("officer-O007", public_key_of(seed)) == (officer.user, officer.public_key)
    assert seed not in lines + said


@pytest.mark.parametrize(
    ("id_", "region", "words"),
    [("张三", "21.02.83", "id: "), ("O007", "Zhuanghe", "region: "), ("O007", "00.00.00", "needs its region")],
)
def test_name_or_wrong_region_makes_no_key(tmp_path: Path, id_: str, region: str, words: str) -> None:
    """An id is never a name, and a person belongs to a region; nothing is made otherwise."""
    with pytest.raises(CannotStartError, match=words):
        keygen("officer", id_, region, tmp_path)
    assert [] == list(tmp_path.iterdir())
