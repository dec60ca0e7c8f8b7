"""The dashboards against the running system: a real Prometheus answers every query of every panel."""

import asyncio
import re
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from math import isnan
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client

from demo.__main__ import PARTNERS
from demo.partners_at_work import connected
from demo.reports import REGION
from monitoring.dashboards.queries import counted
from services.provision import write_server_config
from services.system import PROGRAMS, System, running
from shared.contracts import SampleFailed
from shared.partners import read_partners
from shared.permissions import OPERATOR
from shared.settings import Settings
from tests.monitoring.eventful import first_wave, prepare, second_wave
from tests.monitoring.grafana import ALL, Asked, chosen_in_regex, queries
from tests.monitoring.written import WRITTEN
from tests.servers.prometheus import FOREVER_FIRING, MISSING, Prometheus, is_installed
from tests.speaking import record, until

SOON = 30.0
HAPPENED = (
    'shian_clocks{state="missed"}',
    'shian_results_waiting{waits_for="form"}',
    'shian_results_waiting{waits_for="person"}',
    'shian_cases_under_supervision{supervision="major"}',
    'shian_referral_decisions_total{decision="withdrawn"}',
    'shian_notice_decisions_total{decision="retracted"}',
    'shian_refused_total{consumer="sampling"}',
)
"""What the wall shows in red is seen above zero, too."""
SELDOM = {
    "shian_duplicate_on_first_publish_total": "an alarm: the journal prevents it",
    "shian_publish_retries_total": "the bus is not away here",
    "shian_watch_failures_total": "as above",
    "shian_gauge_failures_total": "a fault of the program",
    "shian_days_beyond_calendar_total": "the calendar of these years is published",
    "shian_bus_server_slow_consumers": "nobody is slow here",
    "shian_unconfirmed_batches": "for milliseconds, between two looks",
    "shian_unconfirmed_oldest_seconds": "as above",
    "shian_consumer_unacknowledged": "as above",
    "shian_consumer_redelivered": "as above",
    "shian_working_day": "not on a day off",
}
"""What is zero in a sound system, or may be whenever somebody looks: its panels show the zero."""


@asynccontextmanager
async def watched(folder: Path) -> AsyncIterator[tuple[System, Prometheus, Client]]:
    """The whole system, as ``make serve`` runs it, scraped by Prometheus."""
    settings = Settings(attempts=2, retry_delay=timedelta(milliseconds=50))
    async with running(folder / "var", read_partners(PARTNERS), settings) as system:
        targets = {program: [f"127.0.0.1:{system.ports[program]}"] for program in PROGRAMS}
        with Prometheus(folder / "prometheus", targets, FOREVER_FIRING) as prometheus:
            async with connected(system.settings, OPERATOR) as operator:
                yield system, prometheus, operator


@pytest.fixture
def encrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bus has a certificate, made on the spot, and lets those in as well who do not encrypt."""
    key, certificate = tmp_path / "bus.key", tmp_path / "bus.pem"
    made = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj /CN=127.0.0.1"
    subprocess.run([*made.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    write: Callable[..., Path] = write_server_config

    def with_certificate(*arguments: Any, **options: Any) -> Path:
        config = write(*arguments, **options)
        with config.open("a", encoding="utf-8") as file:
            file.write(f'tls {{ cert_file: "{certificate}", key_file: "{key}" }}\nallow_non_tls: true\n')
        return config

    monkeypatch.setattr("services.system.write_server_config", with_certificate)


@pytest.mark.skipif(not is_installed(), reason=MISSING)
@pytest.mark.usefixtures("encrypted")
async def test_no_panel_is_empty(tmp_path: Path) -> None:
    """With something going through every metric, each query of each panel and each choice at the top has an answer."""
    began = time.time()
    asked = [query for dashboard in WRITTEN.values() for query in queries(dashboard)]
    async with watched(tmp_path) as (system, prometheus, operator):
        await prepare(system, operator)
        await first_wave(system, operator)
        told = time.time()
        await until(lambda: _has_looked_since(prometheus, told))
        await second_wave(system, operator)
        failed = sum(isinstance(one.data, SampleFailed) for one in await record(operator, "FOOD"))
        await until(lambda: _counted(prometheus, began) == failed)
        for chosen in (ALL, {"region": chosen_in_regex(REGION), "plan": "PLAN-TEST"}):
            assert [] == await _empty(prometheus, asked, chosen, began)
        assert [] == _without_choices(prometheus)
        assert [] == await _always_zero(prometheus, asked)


async def _empty(prometheus: Prometheus, asked: list[Asked], chosen: dict[str, str], began: float) -> list[str]:
    """The queries that have no value but NaN, after some time."""
    deadline = time.monotonic() + SOON
    while True:
        seconds = int(time.time() - began) + 1
        empty = [query for query in asked if not _answers(prometheus, query, query.filled_in(seconds, chosen), began)]
        if not empty or time.monotonic() > deadline:
            return [str(query) for query in empty]
        asked = empty
        await asyncio.sleep(0.5)


def _answers(prometheus: Prometheus, query: Asked, sent: str, began: float) -> bool:
    values = prometheus.now(sent) if query.instant else prometheus.since(began, sent)
    return any(not isnan(value) for value in values)


def _has_looked_since(prometheus: Prometheus, moment: float) -> bool:
    """Whether every program was scraped after this moment."""
    looks = prometheus.now("timestamp(up)")
    return len(looks) > len(PROGRAMS) and min(looks) > moment


def _counted(prometheus: Prometheus, began: float) -> float:
    """The failed samples since then, as the dashboards count what appeared in the period shown."""
    sent = counted("shian_results_total", 'outcome="fail"').replace("$__range", f"{int(time.time() - began) + 1}s")
    return sum(prometheus.now(sent))


def _without_choices(prometheus: Prometheus) -> list[str]:
    """The choices at the top of a dashboard that offer nothing."""
    empty = []
    for dashboard in WRITTEN.values():
        for variable in dashboard["templating"]["list"]:
            if variable["type"] == "query":
                found = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"]["query"])
                assert found, variable
                selector = found[1].replace("$region", ".*")
                if not prometheus.asked(f"label/{found[2]}/values", match=selector):
                    empty.append(f"{dashboard['uid']}: {variable['name']}")
    return empty


async def _always_zero(prometheus: Prometheus, asked: list[Asked]) -> list[str]:
    """The metrics that dashboards show and that nothing went through, but those of which that is to be expected."""
    names = {name for query in asked for name in re.findall(r"shian_\w+", query.expression)} - SELDOM.keys()
    names |= set(HAPPENED)
    deadline = time.monotonic() + SOON
    while True:
        names = {name for name in names if not any(prometheus.now(f"max_over_time({name}[5m])"))}
        if not names or time.monotonic() > deadline:
            return sorted(names)
        await asyncio.sleep(0.5)
