"""An insurer with nothing but a NATS client: tell of one policy, hear the notices that concern it.

    pip install nats-py nkeys
    SHIAN_NATS_URL=nats://exchange.example:4222 python insurer.py I007 policy.json

What is said is kept in sent/ before it leaves, what is heard in heard/ before it is acknowledged. To send again what
may not have arrived, give its id: python insurer.py I007 policy.json ID. Ends when nothing more is heard.
"""

import asyncio
import json
import os
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

import nats
from nats.aio.client import Client
from nats.errors import Error

URL = os.environ.get("SHIAN_NATS_URL", "nats://127.0.0.1:4222")
KEYS = Path(os.environ.get("SHIAN_KEYS_FOLDER", "var/keys"))
SECONDS = float(os.environ.get("SHIAN_WAIT", "10"))  # how long an answer is waited for
REGION = os.environ.get("SHIAN_REGION", "21.02.83")  # the county of whoever is insured
TEXTS = ("explanation", "policy_no", "sample_no", "product", "entry_no")


def needed(path: Path, otherwise: str) -> Path:
    """The path of a file; where there is none, this ends with what to do."""
    if not path.is_file():
        sys.exit(f"There is no file {path}: {otherwise}.")
    return path


async def connected(user: str) -> Client:
    """Connect and stay connected: the client reconnects by itself, and what goes wrong meanwhile is printed."""

    async def say(error: Exception) -> None:
        print(f"bus: {error!r}")

    seed = needed(KEYS / f"{user}.nk", "make a key with keygen.py, or set SHIAN_KEYS_FOLDER to its folder")
    async with asyncio.timeout(SECONDS):
        return await nats.connect(
            URL,
            nkeys_seed=str(seed),
            inbox_prefix=f"_INBOX_{user}",  # the server lets no answer through under another
            max_reconnect_attempts=-1,
            error_cb=say,
        )


def written(source: str, policy: Path, event_id: str) -> bytes:
    """Write the event, or read what was written under this id before: the same id never says something else."""
    kept = Path("sent", f"{event_id}.json")
    if not kept.exists():
        try:
            data = json.loads(needed(policy, "give the path of your policy").read_bytes())
            subject = data["policy_no"]
        except (ValueError, TypeError, KeyError) as error:
            sys.exit(f"{policy} is no policy: {error!r}.")
        event = {
            "specversion": "1.0",
            "id": event_id,
            "source": source,
            "type": "insurer.policy.bound.v1",
            "subject": subject,
            "time": datetime.now(UTC).isoformat(),
            "region": REGION,
            "data": data,
        }
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(json.dumps(event, ensure_ascii=False), "utf-8")
    return kept.read_bytes()


def keep(event_id: str, document: bytes) -> None:
    """Put a document into your own archive, byte for byte."""
    kept = Path("heard", f"{event_id}.json")
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(document)


async def hear(exchange: Client, user: str, stream: str) -> None:
    """Keep and print what waits on a stream, and what comes until it was silent for SECONDS."""
    waiting = await exchange.jetstream().pull_subscribe_bind(user, stream, inbox_prefix=f"_INBOX_{user}.".encode())
    while True:
        try:
            (message,) = await waiting.fetch(1, timeout=SECONDS)
        except TimeoutError:
            return
        event = json.loads(message.data)
        keep(event["id"], message.data)
        await message.ack()  # only now: what is not acknowledged comes again
        said = [f"{name} {event['data'][name]}" for name in TEXTS if event["data"].get(name)]
        print(event["type"], *said, sep="\n  ")


async def main(insurer: str, policy: Path, event_id: str) -> None:
    """Say the policy, then hear: receipts come only for what is refused, notices for each failed sample it covers."""
    user, source = f"insurer-{insurer}", f"urn:shian:insurer:{insurer}"
    document = written(source, policy, event_id)
    exchange = await connected(user)
    subject = f"insurer.{insurer}.policy.bound.v1.{REGION}"
    about = {"Nats-Msg-Id": f"{source} {event_id}"}
    stored = await exchange.jetstream().publish(subject, document, headers=about)
    print(f"{'stored before, and not again' if stored.duplicate else 'stored'}: {event_id}")
    await asyncio.gather(*(hear(exchange, user, stream) for stream in ("RECEIPTS", "NOTICES", "FOOD")))
    await exchange.close()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: python insurer.py INSURER POLICY.json [ID]")
    again = sys.argv[3] if len(sys.argv) > 3 else str(uuid.uuid4())  # nobody can guess it
    try:
        asyncio.run(main(sys.argv[1], Path(sys.argv[2]), again))
    except (Error, OSError, ValueError) as error:
        sys.exit(f"No answer: {str(error) or repr(error)}. To send the same again: {' '.join(sys.argv[:3])} {again}")
