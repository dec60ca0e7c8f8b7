"""``make demo``: the whole path, on real published failures, with an account of every result."""

import argparse
import asyncio
import statistics
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from nats.aio.client import Client
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from demo import record as records
from demo.forms import began, made_accreditations, made_forms, made_plan
from demo.partners_at_work import connected, follow_referrals, publish
from demo.passing import made_passing
from demo.policies import made_policies
from demo.reports import Sending, published_reports, published_rows
from demo.show import path_line
from services.system import System, running
from shared.contracts.catalogue import SERVICES
from shared.ending import end
from shared.failure import CannotStartError
from shared.partners import read_partners
from shared.permissions import OPERATOR
from shared.settings import from_environment
from shared.streams import consumers_of

PARTNERS = Path(__file__).with_name("partners.toml")
POLICE = "police-210283"
PATIENCE = 55.0
"""Seconds after which results that have no outcome are given up."""


class Latency:
    """Time from a laboratory's publish to the police holding the referral."""

    def __init__(self) -> None:
        self._published: dict[str, float] = {}
        self._referred: dict[str, float] = {}

    def published(self, sample_no: str, at: float) -> None:
        """A report on a sample was published."""
        self._published[sample_no] = at

    def referred(self, sample_no: str, at: float) -> None:
        """A referral of a sample arrived."""
        self._referred[sample_no] = at

    def line(self) -> str:
        """p50 and p99 over the samples referred in this run."""
        times = [at - self._published[sample] for sample, at in self._referred.items() if sample in self._published]
        if len(times) < 2:  # noqa: PLR2004 - a quantile needs two
            return "latency, publish to referral: nothing new was referred in this run"
        cuts = statistics.quantiles(times, n=100, method="inclusive")
        p50, p99 = cuts[49] * 1000, cuts[98] * 1000
        return (
            f"latency from publish to referral in this burst: p50 {p50:.0f} ms, p99 {p99:.0f} ms, {len(times)} referred"
        )


async def demonstrate(folder: Path, console: Console, *, fresh: bool = False) -> int:
    """Run the demonstration on the data in the folder; returns its exit code."""
    first_run = began(folder, fresh=fresh)
    reports = published_reports(published_rows(), first_run)
    passing = made_passing(first_run)
    console.print(
        f"{len(reports)} real failed samples, as published; {len(passing)} passing results made from the "
        "limits catalogue. Numbers, laboratories, insurers, policies, regions, forms and days of sampling are made."
    )
    latency = Latency()
    # made data has no business in a database that the environment names
    settings = from_environment().model_copy(update={"database_url": f"sqlite+aiosqlite:///{folder}/{{service}}.db"})
    async with (
        running(folder, read_partners(PARTNERS), settings, fresh=fresh) as system,
        connected(system.settings, OPERATOR) as operator,
    ):
        before = [*made_accreditations(), made_plan(first_run), *made_policies()]
        before += made_forms(reports + passing, first_run)
        await publish(system.settings, before, lambda *_: None)
        await _quiet(operator)
        async with _following(system, latency):
            new = await _publish(system, reports + passing, latency, console)
            record, faults = await _whole_record(operator, reports + passing)
    for sending in reports:
        path = record.paths.get(sending.sample_no)
        if path and (path.failed or path.rejections):
            console.print(path_line(sending.sample_no, path), soft_wrap=True, highlight=False, markup=False)
    for fault in faults:
        console.print(f"not accounted for: {fault}", soft_wrap=True, highlight=False, markup=False)
    if record.progress:
        console.print(record.progress.sentence(), soft_wrap=True, highlight=False)
    console.print(latency.line(), soft_wrap=True, highlight=False)
    console.print(record.line(new), soft_wrap=True, highlight=False)
    return 1 if faults or record.dead else 0


async def _publish(system: System, sendings: list[Sending], latency: Latency, console: Console) -> int:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        task = progress.add_task("results published", total=len(sendings))

        def published(one: Sending, at: float) -> None:
            latency.published(one.sample_no, at)
            progress.advance(task)

        return await publish(system.settings, sendings, published)


@asynccontextmanager
async def _following(system: System, latency: Latency) -> AsyncIterator[None]:
    following = asyncio.create_task(follow_referrals(system.settings, POLICE, latency.referred))
    try:
        yield
    finally:
        if following.done():
            following.result()
        await end(following)


async def _quiet(operator: Client) -> None:
    """Wait until no service has anything left to answer; raises TimeoutError when that takes too long."""
    jetstream = operator.jetstream()
    consumers = [consumer for service in SERVICES for consumer in consumers_of(service)]
    calm = 0
    async with asyncio.timeout(PATIENCE):
        while calm < 2:  # noqa: PLR2004 - what one service tells, another may still have to hear
            infos = [await jetstream.consumer_info(consumer.stream, consumer.name) for consumer in consumers]
            busy = any(info.num_pending or info.num_ack_pending for info in infos)
            calm = 0 if busy else calm + 1
            await asyncio.sleep(0.05)


async def _whole_record(operator: Client, sendings: list[Sending]) -> tuple[records.Record, list[str]]:
    """Read the record until every sample is accounted for; after a while, as it is, with what is missing."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while True:
        await _quiet(operator)
        record = await records.read(operator)
        faults = _account(record, sendings)
        if not faults or record.dead or asyncio.get_running_loop().time() > deadline:
            return record, faults


def _account(record: records.Record, sendings: Iterable[Sending]) -> list[str]:
    """Every sample that has not exactly the decisions that it must have."""
    faults = [
        f"{sending.sample_no}: {fault}"
        for sending in sendings
        for fault in record.paths.get(sending.sample_no, records.Path()).faults()
    ]
    return faults + ([f"{record.dead} dead letters: see `shian dead list`"] if record.dead else [])


def main() -> int:
    """The program; returns its exit code."""
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="start with an empty folder of data")
    parser.add_argument("--folder", type=Path, default=Path("var"), help="where the data is kept")
    arguments = parser.parse_args()
    console = Console()
    try:
        return asyncio.run(demonstrate(arguments.folder, console, fresh=arguments.fresh))
    except CannotStartError as error:
        console.print(str(error), soft_wrap=True)
    except TimeoutError:
        console.print(f"The system did not come to rest within {PATIENCE:g} s; see {arguments.folder / 'logs'}.")
    except KeyboardInterrupt:
        console.print("stopped")
    return 1


if __name__ == "__main__":
    sys.exit(main())
