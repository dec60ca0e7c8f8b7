"""Handing the keys out: a folder for each holder, with what that one uses and nobody else's seed.

Where programs are kept apart, each is shown its own folder only, so that one which is broken into gives away no key
but its own. The folder of keys stays the one that is kept and backed up; what is handed out is made from it anew each
time.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from shared.contracts.catalogue import SERVICES
from shared.failure import CannotStartError
from shared.keys import replace_file
from shared.permissions import OPERATOR, STEWARD, WATCH, WATCH_OF_SERVERS

BUS = "bus"
"""Holds the server's configuration, in which the users' keys are public."""
AUTHORITY = "authority"
"""Holds the certificate of the authority that signed the bus's, and not the key of that."""
HOLDERS: Mapping[str, Sequence[str]] = {
    STEWARD: (STEWARD,),
    OPERATOR: (OPERATOR,),
    WATCH: (WATCH, WATCH_OF_SERVERS),
    **{service: (service,) for service in SERVICES},
}
"""Who uses the seeds of which users."""


def hand_out(config: Path, into: Path, certificates: Path | None = None) -> None:
    """Copy out of the folder of keys, in which ``config`` is, what each holder uses into its folder under ``into``.

    ``certificates`` is the folder of the bus's certificate; of it ``ca.pem`` is handed out, where it is there. Raises
    CannotStartError with the file that cannot be handed out.
    """
    _put(config, into / BUS)
    for holder, users in HOLDERS.items():
        for user in users:
            _put(config.parent / f"{user}.nk", into / holder)
    authority = certificates / "ca.pem" if certificates else None
    if authority and authority.exists():
        _put(authority, into / AUTHORITY)
    else:
        (into / AUTHORITY / "ca.pem").unlink(missing_ok=True)


def _put(file: Path, folder: Path) -> None:
    """Copy a file, whole or not at all: a server may read it at any moment."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / file.name, file.read_bytes(), 0o600)
    except OSError as error:
        message = (
            f"{file} cannot be handed out into {folder} ({error.strerror}): let this program read the one and write "
            "into the other."
        )
        raise CannotStartError(message) from error
