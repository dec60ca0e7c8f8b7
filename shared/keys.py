"""The nkeys of users of the bus: a seed that never leaves its owner, and the public key that the server knows.

The nodes of a cluster know each other by a secret instead.
"""

import base64
import binascii
import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable
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


def fault_of_public_key(text: str) -> str:
    """Why a text is not the public key of a user, or nothing where it is one.

    The last two of its bytes are a checksum (CRC16, low byte first), so that a mistyped key is known as one. What may
    be a seed is not repeated.
    """
    if text.startswith("S"):
        return "what stands there begins as a seed does, which only its owner may know; let them make a new key"
    try:
        raw = base64.b32decode(text.encode("ascii"), casefold=False)
    except (binascii.Error, ValueError):
        raw = b""
    # 56 characters of base 32 are 35 bytes: what it is a key of, the key, the checksum
    if len(raw) != 35:  # noqa: PLR2004
        return f"{text!r} is no public key, which is U and 55 further capital letters and figures from 2 to 7"
    if bytes(nkeys.crc16_checksum(raw[:-2])) != raw[-2:]:
        return f"{text!r} is mistyped: its checksum does not fit"
    if raw[0] != nkeys.PREFIX_BYTE_USER:
        return f"{text!r} is the key of something else than a user, whose key begins with U"
    return ""


def seed_in(folder: Path, user: str) -> str:
    """Read a user's seed, making it on the first call; the file is its owner's alone."""
    return _made_once(folder / f"{user}.nk", new_seed)


def secret_in(folder: Path, name: str) -> str:
    """Read a secret, making it on the first call; the file is its owner's alone."""
    return _made_once(folder / f"{name}.secret", lambda: secrets.token_hex(24))


def replace_file(path: Path, content: bytes, mode: int) -> None:
    """Write a file that nobody sees half written, or with another mode than this one before it is whole."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")  # its mode is 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            os.fchmod(descriptor, mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _made_once(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:  # its mode is 0600
            file.write(make())
            file.flush()
            with contextlib.suppress(FileExistsError):  # another process was first
                os.link(file.name, path)
    return path.read_text("ascii").strip()
