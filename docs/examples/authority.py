"""The police of a county with nothing but a NATS client: read what waits, sign the receipt of each transfer.

    pip install nats-py nkeys
    SHIAN_NATS_URL=nats://exchange.example:4222 python authority.py 210283

What is heard is kept in heard/ before it is acknowledged: these documents are the evidence of who told you what. Ends
when nothing waits any more. With the number of a case behind it, the receipt of that one is signed, whatever it is.
"""

import asyncio
import json
import os
import sys
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nats
from nats.aio.client import Client
from nats.errors import Error

URL = os.environ.get("SHIAN_NATS_URL", "nats://127.0.0.1:4222")
KEYS = Path(os.environ.get("SHIAN_KEYS_FOLDER", "var/keys"))


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
    async with asyncio.timeout(10):
        return await nats.connect(
            URL,
            nkeys_seed=str(seed),
            inbox_prefix=f"_INBOX_{user}",  # the server lets no answer through under another
            max_reconnect_attempts=-1,
            error_cb=say,
        )


def keep(event_id: str, document: bytes) -> None:
    """Put a document into your own archive, byte for byte."""
    kept = Path("heard", f"{event_id}.json")
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(document)


async def heard(exchange: Client, user: str, stream: str, seconds: float) -> AsyncIterator[dict[str, Any]]:
    """Each event that waits on a stream, until so many seconds were silent; kept, then acknowledged."""
    waiting = await exchange.jetstream().pull_subscribe_bind(user, stream, inbox_prefix=f"_INBOX_{user}.".encode())
    while True:
        try:
            (message,) = await waiting.fetch(1, timeout=seconds)
        except TimeoutError:
            return
        event = json.loads(message.data)
        keep(event["id"], message.data)
        await message.ack()  # only now: what is not acknowledged comes again
        yield event


async def sign_receipt(exchange: Client, figures: str, transfer: dict[str, Any]) -> None:
    """Say that a case was received, in the version that was read, and hear whether that is accepted."""
    user, source, event_id = f"police-{figures}", f"urn:shian:police:{figures}", str(uuid.uuid4())
    now, case = datetime.now(UTC).isoformat(), transfer["data"]
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": source,
        "type": "police.case.received.v1",
        "subject": case["case_no"],
        "time": now,
        "region": transfer["region"],
        "data": {"case_no": case["case_no"], "version": case["version"], "at": now},
    }
    subject = f"police.{figures}.case.received.v1.{transfer['region']}"
    document = json.dumps(event, ensure_ascii=False).encode()
    about = {"Nats-Msg-Id": f"{source} {event_id}"}
    await exchange.jetstream().publish(subject, document, headers=about)
    async for receipt in heard(exchange, user, "RECEIPTS", 20):
        data = receipt["data"]
        print("receipt", receipt["type"], data.get("text") or f"{data['reason']}: {data['explanation']}")
        if data["event_id"] == event_id:
            return
    print("the exchange did not answer within 20 seconds")


def last_heard_of(case_no: str) -> dict[str, Any]:
    """What was heard last of a case; raises ValueError where nothing was."""
    events = [json.loads(path.read_bytes()) for path in Path("heard").glob("*.json")]
    of_case = [event for event in events if event["data"].get("case_no") == case_no and "version" in event["data"]]
    if not of_case:
        message = f"nothing was heard of case {case_no} yet"
        raise ValueError(message)
    return max(of_case, key=lambda event: event["data"]["version"])


async def main(figures: str, asked: str) -> None:
    """Read all that waits, then answer the transfers."""
    exchange, answering = await connected(f"police-{figures}"), []
    async for event in heard(exchange, f"police-{figures}", "CASES", 2):
        data = event["data"]
        print("event", event["type"], data["case_no"], "version", data["version"])
        if event["type"] == "case.transferred.v1" and data["to"].replace(".", "") == figures:
            answering.append(event)
    if asked:
        answering = [last_heard_of(asked)]
    for event in answering:
        await sign_receipt(exchange, figures, event)
    await exchange.close()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python authority.py FIGURES [CASE]")
    try:
        asyncio.run(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""))
    except (Error, OSError, ValueError) as error:
        sys.exit(f"No answer: {str(error) or repr(error)}. Run it again: what was not acknowledged comes again.")
