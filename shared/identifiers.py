"""Numbers that follow from what they stand for, so that a replay, or another order of arrival, makes the same ones."""

import base64
import hashlib


def derived_id(*parts: str) -> str:
    """An event id that follows from what caused it: the same parts give the same id, 128 bits in hex."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def number_of(prefix: str, key: str) -> str:
    """A number such as ``C-7Q2M4ZK3XAWB`` that follows from a key; 60 bits, so that millions do not meet."""
    digest = hashlib.sha256(key.encode()).digest()
    return f"{prefix}-{base64.b32encode(digest).decode()[:12]}"
