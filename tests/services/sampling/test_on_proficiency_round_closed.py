"""Proficiency rounds on the exchange: evaluated once, and whoever needs someone's look is flagged."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from shared.contracts import LaboratoryFlagged, ProficiencyEvaluated, ProficiencyResult, ProficiencyRoundClosed
from shared.settings import Settings
from tests.county import say
from tests.listening import is_idle
from tests.servers.nats import NatsServer
from tests.services.sampling.told import acceptances, refusals, told
from tests.speaking import until


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL; no clock falls due by itself."""
    return settings.model_copy(update={"database_url": database_url, "clock_poll": timedelta(hours=1)})


def closed(number: int, **values: str) -> ProficiencyRoundClosed:
    """A round on cadmium with an assigned value of 10 and a sigma of 1, a month after the one before."""
    return with_reference(number, {"assigned": Decimal(10), "sigma": Decimal(1)}, **values)


def with_reference(number: int, reference: dict[str, Any], **values: str) -> ProficiencyRoundClosed:
    """A round with another reference."""
    facts: dict[str, Any] = {
        "round_no": f"PT-{number}",
        "substance": "镉",
        "unit": "mg/kg",
        "closed_on": date(2026, number, 1),
        "results": tuple(ProficiencyResult(laboratory=name, value=Decimal(value)) for name, value in values.items()),
    }
    return ProficiencyRoundClosed(**(facts | reference))


async def flagged(operator: Client) -> list[tuple[str, str, str]]:
    """Who was flagged in which round by which rule."""
    return [(one.laboratory, one.round_no, one.reasons[0].rule) for one in await told(operator, LaboratoryFlagged)]


async def test_round_is_evaluated_and_flags(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Every laboratory has its score and rating; the unsatisfactory one is flagged, the questionable one is not yet."""
    await say(server, "officer.O001", closed(1, L0142="10.5", L0200="12.5", L0300="6.9"))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    (evaluated,) = await told(operator, ProficiencyEvaluated)
    assert [("L0142", "satisfactory"), ("L0200", "questionable"), ("L0300", "unsatisfactory")] == [
        (score.laboratory, score.rating) for score in evaluated.scores
    ]
    assert [Decimal("0.5"), Decimal("2.5"), Decimal("-3.1")] == [score.z for score in evaluated.scores]
    assert [("L0300", "PT-1", "unsatisfactory")] == await flagged(operator)
    assert [("PT-1", [])] == await acceptances(operator)


async def test_second_questionable_round_flags(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Two questionable scores in a row on one substance, by whatever name, flag; another substance is apart."""
    again = closed(2, L0142="7.5", L0200="10").model_copy(update={"substance": "镉(以Cd计)"})
    other = closed(3, L0200="12.5").model_copy(update={"substance": "铅"})
    await say(server, "officer.O001", closed(1, L0142="12.5", L0200="12.5"), again, other)
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [("L0142", "PT-2", "twice_questionable")] == await flagged(operator)


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
async def test_order_of_arrival_changes_no_flag(
    server: NatsServer, settings: Settings, operator: Client, order: tuple[int, ...]
) -> None:
    """Rounds that are reported late flag the same laboratories for the same rounds, each once."""
    rounds = {1: closed(1, L0142="12.5"), 2: closed(2, L0142="12.6"), 3: closed(3, L0142="12.7")}
    async with build(settings).start_lifespan_context():
        for number in order:
            await say(server, "officer.O001", rounds[number])
            await until(lambda: is_idle(operator, "sampling"))
    assert [
        ("L0142", "PT-2", "twice_questionable"),
        ("L0142", "PT-3", "twice_questionable"),
    ] == sorted(await flagged(operator))


async def test_round_that_comes_again_changes_nothing(server: NatsServer, settings: Settings, operator: Client) -> None:
    """The same round is said to be evaluated, one with other results to need a number of its own."""
    first = closed(1, L0142="10.5")
    await say(server, "officer.O001", first, first, closed(1, L0142="10.6"))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [
        ("officer.O001", "already_done", "data.round_no"),
        ("officer.O001", "changed", "data.round_no"),
    ] == await refusals(operator)
    assert 1 == len(await told(operator, ProficiencyEvaluated))


async def test_degenerate_round_is_declined(server: NatsServer, settings: Settings, operator: Client) -> None:
    """A round without a spread is declined and may be sent again with one; few results are taken with a warning."""
    alike = {"L0142": "10", "L0200": "10"}
    await say(
        server,
        "officer.O001",
        with_reference(1, {}, L0142="10"),
        with_reference(2, {}, **alike),
        with_reference(2, {"sigma": Decimal(1)}, **alike),
    )
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "sampling"))
    assert [("officer.O001", "wrong_amounts", "data.results")] * 2 == await refusals(operator)
    assert [("PT-2", ["few_results"])] == await acceptances(operator)
