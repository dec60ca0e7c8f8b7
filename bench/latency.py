"""The time from a laboratory's publish until the police holds the referral, one after another on an idle system."""

import asyncio
import contextlib
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from demo.forms import made_accreditations, made_forms
from demo.partners_at_work import connected, follow_referrals, publish
from demo.reports import sending
from services.system import running
from shared.contracts import Determination, ResultReported
from shared.envelope import CONTENT_TYPE
from shared.partners import Partner
from shared.settings import Settings

LABORATORY = Partner(kind="lab", id="L0142")
POLICE = Partner(kind="police", region="21.02.83")
SAMPLER = Partner(kind="sampler", id="S01", region="21.02.83")
OFFICER = Partner(kind="officer", id="O001", region="21.02.83")


async def publish_to_referral(count: int) -> list[float]:
    """Seconds for each of ``count`` referrals; every service its own process, on SQLite."""
    arrivals: dict[str, float] = {}
    arrived = asyncio.Event()

    def referred(sample_no: str, at: float) -> None:
        arrivals[sample_no] = at
        arrived.set()

    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder), (LABORATORY, POLICE, SAMPLER, OFFICER), Settings()) as system:
            following = asyncio.create_task(follow_referrals(system.settings, POLICE.user, referred))
            malachite_green = [
                sending("lab.L0142", _malachite_green(number), f"S-{number}", datetime.now(UTC))
                for number in range(-5, count)  # the first five warm it up
            ]
            await publish(
                system.settings, made_accreditations() + made_forms(malachite_green, datetime.now(UTC)), lambda *_: None
            )
            async with connected(system.settings, LABORATORY.user) as client:
                jetstream = client.jetstream()
                for number, one in enumerate(malachite_green, start=-5):
                    headers = {"Nats-Msg-Id": one.message_id, "Content-Type": CONTENT_TYPE}
                    arrived.clear()
                    started = time.perf_counter()
                    await jetstream.publish(one.subject, one.payload, headers=headers)
                    async with asyncio.timeout(10):
                        await arrived.wait()
                    if number >= 0:
                        times.append(arrivals[one.sample_no] - started)
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following
    return times


def _malachite_green(number: int) -> ResultReported:
    return ResultReported(
        report_no=f"R{number}",
        sample_no=f"S-{number}",
        product="草鱼",
        category="食用农产品",
        determinations=(Determination(analyte="孔雀石绿", result="4.10μg/kg", limit="不得检出"),),
    )
