"""The nkeys of users of the bus: a seed that never leaves its owner, and the public key that the server knows."""

import contextlib
import os
import tempfile
from pathlib import Path

import nkeys
from nacl.signing import SigningKey


def new_seed() -> str:
    """Make a user's seed (``SU…``)."""
    return bytes(nkeys.encode_seed(bytes(SigningKey.generate()), nkeys.PREFIX_BYTE_USER)).decode()


def public_key_of(seed: str) -> str:
    """The public key (``U…``) of a seed."""
    return bytes(nkeys.from_seed(bytearray(seed.encode())).public_key).decode()


def is_seed(text: str) -> bool:
    """Whether a text is the seed of a user."""
    try:
        return public_key_of(text).startswith("U")
    except (nkeys.NkeysError, ValueError):
        return False


def seed_in(folder: Path, user: str) -> str:
    """Read a user's seed, making it on the first call; the file is its owner's alone."""
    path = folder / f"{user}.nk"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder) as file:  # its mode is 0600
            file.write(new_seed())
            file.flush()
            with contextlib.suppress(FileExistsError):  # another process was first
                os.link(file.name, path)
    return path.read_text("ascii").strip()
