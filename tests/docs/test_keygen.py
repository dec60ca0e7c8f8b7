"""The key that a partner makes without this project's program is one that the exchange takes."""

from pathlib import Path

from shared.keys import fault_of_public_key, is_seed, public_key_of
from tests.programs import Example


async def test_key_is_made_once(example: Example, tmp_path: Path) -> None:
    """The seed is in a file of its owner's alone, its public half is printed, and a key that is there stays."""
    keys = tmp_path / "partner"
    code, said = await example("keygen", "insurer-I020", keys=keys)
    assert (0, "") == (code, fault_of_public_key(said.strip()))
    path = keys / "insurer-I020.nk"
    seed = path.read_text("ascii")
    assert is_seed(seed)
    assert said.strip() == public_key_of(seed)
    assert 0o600 == path.stat().st_mode & 0o777
    code, said = await example("keygen", "insurer-I020", keys=keys)
    kept = f"There is a key in {path} already, and it stays; take it away yourself if it is to be replaced."
    assert (1, kept) == (code, said.strip())
    assert seed == path.read_text("ascii")
