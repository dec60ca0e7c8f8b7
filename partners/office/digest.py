"""The digest of a document that was handed to somebody, which stands in the event that tells of it."""

import hashlib
from pathlib import Path

from partners.tables.faults import Fault, FaultyInputError


def digest_of(document: str) -> str:
    """The SHA-256 of a file, which is not changed afterwards; raises FaultyInputError where it cannot be read."""
    try:
        return hashlib.sha256(Path(document).read_bytes()).hexdigest()
    except OSError as error:
        raise FaultyInputError([Fault("--document", f"{document} cannot be read ({error.strerror}).")]) from error
