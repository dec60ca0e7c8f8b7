"""A laboratory with nothing but a NATS client: report one result, hear what the exchange makes of it.

    pip install nats-py nkeys
    SHIAN_NATS_URL=nats://exchange.example:4222 python laboratory.py L0142 report.json

What is said is kept in sent/ before it leaves, what is heard in heard/ before it is acknowledged. To send again what
may not have arrived, give its id: python laboratory.py L0142 report.json ID.
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
REGION = os.environ.get("SHIAN_REGION", "21.02.83")  # the county where the sample was taken


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


def written(source: str, report: Path, event_id: str) -> bytes:
    """Write the event, or read what was written under this id before: the same id never says something else."""
    kept = Path("sent", f"{event_id}.json")
    if not kept.exists():
        try:
            data = json.loads(needed(report, "give the path of your report").read_bytes())
            subject = data["sample_no"]
        except (ValueError, TypeError, KeyError) as error:
            sys.exit(f"{report} is no report: {error!r}.")
        event = {
            "specversion": "1.0",
            "id": event_id,
            "source": source,
            "type": "lab.result.reported.v1",
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


async def main(laboratory: str, report: Path, event_id: str) -> None:
    """Say the report, then hear receipts until there is one for it."""
    user, source = f"lab-{laboratory}", f"urn:shian:lab:{laboratory}"
    document = written(source, report, event_id)
    exchange = await connected(user)
    stream = exchange.jetstream()
    subject = f"lab.{laboratory}.result.reported.v1.{REGION}"
    stored = await stream.publish(subject, document, headers={"Nats-Msg-Id": f"{source} {event_id}"})
    print(f"{'stored before, and not again' if stored.duplicate else 'stored'}: {event_id}")

    receipts = await stream.pull_subscribe_bind(user, "RECEIPTS", inbox_prefix=f"_INBOX_{user}.".encode())
    is_answered = False
    while not is_answered:
        (message,) = await receipts.fetch(1, timeout=SECONDS)
        event = json.loads(message.data)
        keep(event["id"], message.data)
        await message.ack()  # only now: what is not acknowledged comes again
        data = event["data"]
        for answer in data.get("receipts", [data]):
            print(event["type"], answer.get("verdict") or f"{answer['reason']}: {answer['explanation']}")
            is_answered = is_answered or answer["event_id"] == event_id
    await exchange.close()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: python laboratory.py LABORATORY REPORT.json [ID]")
    again = sys.argv[3] if len(sys.argv) > 3 else str(uuid.uuid4())  # nobody can guess it
    try:
        asyncio.run(main(sys.argv[1], Path(sys.argv[2]), again))
    except (Error, OSError, ValueError) as error:
        sys.exit(f"No answer: {str(error) or repr(error)}. To send the same again: {' '.join(sys.argv[:3])} {again}")
