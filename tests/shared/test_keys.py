"""Seeds that stay with their owner, and the public keys that follow from them."""

import base64
import contextlib
import os
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import nkeys
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.keys import fault_of_public_key, new_seed, public_key_of, replace_file, secret_in, seed_in


@pytest.fixture
def generous_umask() -> Iterator[None]:
    """Files are everybody's unless a program says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_seed_is_made_once_and_read_again(tmp_path: Path) -> None:
    """The first call makes a user's seed and its folder, every further one reads the same."""
    folder = tmp_path / "var" / "keys"
    seed = seed_in(folder, "lab-L0142")
    assert [seed, seed] == [seed_in(folder, "lab-L0142"), (folder / "lab-L0142.nk").read_text("ascii")]


@pytest.mark.usefixtures("generous_umask")
def test_seed_is_its_owners_alone(tmp_path: Path) -> None:
    """Nobody but its owner can read a seed's file, whatever the umask."""
    seed_in(tmp_path, "sampling")
    assert stat.filemode((tmp_path / "sampling.nk").stat().st_mode) == "-rw-------"


@pytest.mark.usefixtures("generous_umask")
def test_secrets_are_their_owners_alone_from_their_first_moment(tmp_path: Path) -> None:
    """Looked at after each step of the program, no file that holds a secret, or will hold it, is anybody else's."""
    (tmp_path / "server.conf").write_text("an earlier one")
    (tmp_path / "server.conf").chmod(0o600)
    seen: dict[str, set[str]] = {}

    def look(*_: object) -> None:
        for entry in os.scandir(tmp_path):
            with contextlib.suppress(FileNotFoundError):
                seen.setdefault(entry.name, set()).add(stat.filemode(entry.stat().st_mode))

    sys.setprofile(look)  # called at each call and return, of the system's functions too
    try:
        seed_in(tmp_path, "sampling")
        secret_in(tmp_path, "cluster")
        replace_file(tmp_path / "server.conf", b"a secret", 0o600)
    finally:
        sys.setprofile(None)
    assert {"sampling.nk", "cluster.secret", "server.conf"} < seen.keys()
    assert {"-rw-------"} == set().union(*seen.values())
    assert "a secret" == (tmp_path / "server.conf").read_text()


def test_file_that_cannot_take_its_place_leaves_nothing(tmp_path: Path) -> None:
    """A failure leaves what was there, and nothing beside it."""
    path = tmp_path / "server.conf"
    path.mkdir()
    with pytest.raises(IsADirectoryError):
        replace_file(path, b"a secret", 0o644)
    assert [path] == list(tmp_path.iterdir())


def test_seed_written_by_hand_is_read_without_its_line_end(tmp_path: Path) -> None:
    """A seed that a person put into the file, with a line end, is the same seed."""
    seed = new_seed()
    (tmp_path / "alerts.nk").write_text(f"{seed}\n", "ascii")
    assert seed == seed_in(tmp_path, "alerts")


def test_each_seed_is_another(tmp_path: Path) -> None:
    """Users do not share a seed."""
    assert len({seed_in(tmp_path, f"lab-L{number:04}") for number in range(20)}) == 20


def test_public_key_follows_from_the_seed() -> None:
    """A seed always gives the same public key, in the form of a user's key, and does not show in it."""
    seed = new_seed()
    assert public_key_of(seed) == public_key_of(seed)
    assert re.fullmatch(r"SU[A-Z2-7]{56}", seed)
    assert re.fullmatch(r"U[A-Z2-7]{55}", public_key_of(seed))
    assert seed[2:20] not in public_key_of(seed)


def test_what_is_signed_with_a_seed_is_verified_with_its_public_key() -> None:
    """The public key is that of the seed: it verifies what the seed signs and nothing else."""
    seed = new_seed()
    keys = nkeys.from_seed(bytearray(seed.encode()))
    signature = keys.sign(b"evidence")
    assert public_key_of(seed) == bytes(keys.public_key).decode()
    assert keys.verify(b"evidence", signature)
    with pytest.raises(nkeys.ErrInvalidSignature):
        keys.verify(b"other evidence", signature)


@given(st.data())
def test_any_slip_in_a_public_key_is_noticed(data: st.DataObject) -> None:
    """A key is right as it was made; with one character changed, missing or swapped with its neighbour it is not."""
    key = public_key_of(new_seed())
    assert not fault_of_public_key(key)
    at = data.draw(st.integers(0, len(key) - 2))
    other = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
    swapped = key[:at] + key[at + 1] + key[at] + key[at + 2 :]
    for wrong in (key[:at] + other + key[at + 1 :], key[:at] + key[at + 1 :], swapped):
        assert bool(fault_of_public_key(wrong)) is (wrong != key)


def test_key_of_something_else_than_a_user_is_named() -> None:
    """The key of an account, right in itself, is no user's; small letters and other figures are no key at all."""
    raw = bytes([nkeys.PREFIX_BYTE_ACCOUNT]) + bytes(32)
    account = base64.b32encode(raw + nkeys.crc16_checksum(raw)).decode()
    assert "is the key of something else than a user" in fault_of_public_key(account)
    for text in (public_key_of(new_seed()).lower(), "U" + "1" * 55, "UÄ", "U"):
        assert "is no public key" in fault_of_public_key(text)
