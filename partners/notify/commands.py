"""The command ``shian notify``."""

import asyncio
import contextlib
from pathlib import Path
from typing import Annotated

import typer

from partners.notify.backlog import Backlog
from partners.notify.bringing import Bringing
from partners.notify.delivery import delivering
from partners.notify.following import follow
from partners.notify.recipients import Recipients, read_recipients
from partners.person import As, Person, person
from partners.together import together


def notify(
    recipients: Annotated[Path, typer.Argument(help="The recipients file (TOML).")],
    user: As,
) -> None:
    """Tell people by webhook or mail what waits for them, until Ctrl-C; nothing is lost while this is not running."""
    officer = person(user, "head" if user.startswith("head-") else "officer")
    known = read_recipients(recipients)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(known, officer))


async def _run(recipients: Recipients, officer: Person) -> None:
    path = officer.settings.keys_folder.parent / "notify" / f"{officer.user}.db"
    with contextlib.closing(Backlog(path)) as backlog:
        async with delivering(recipients.mail) as delivery:
            bringing = Bringing(recipients, delivery, backlog)
            typer.echo(f"Telling {len(recipients.to)} recipient(s) what {officer.user} hears; Ctrl-C stops.")
            await together(bringing.run(), follow(officer.settings, officer.user, bringing))
