"""Where the operator's commands find the bus."""

import json
from pathlib import Path

from shared.settings import Settings

ADDRESSES = Path("var/addresses.json")


def at_hand(settings: Settings) -> Settings:
    """The settings with the bus as set, or else the one that `make serve` last started here."""
    if "nats_url" in settings.model_fields_set or not ADDRESSES.exists():
        return settings
    return settings.model_copy(update={"nats_url": str(json.loads(ADDRESSES.read_text("utf-8"))["nats"])})


def silence(settings: Settings) -> str:
    """What to say where the bus does not answer."""
    return f"The bus at {settings.nats_url} does not answer: start it with `make serve`, or set SHIAN_NATS_URL."
