"""The words that people use: each leads to one that the contract takes."""

import pytest
from pydantic import BaseModel, ValidationError

from partners.tables.words import with_word, words
from shared.contracts import (
    Determination,
    ObjectionDecided,
    ObjectionFiled,
    PlanAdopted,
    PlanLine,
    RapidTestRecorded,
    ReinspectionSettled,
    ResultReported,
    ResultSettled,
    SampleCollected,
    SampleReceived,
    SampleRefused,
)

EVENTS: tuple[type[BaseModel], ...] = (
    SampleCollected,
    SampleReceived,
    SampleRefused,
    ResultSettled,
    ReinspectionSettled,
    ObjectionFiled,
    ObjectionDecided,
    RapidTestRecorded,
    PlanAdopted,
    PlanLine,
    ResultReported,
    Determination,
)


def is_taken(event: type[BaseModel], field: str, value: str) -> bool:
    """Whether the field of an event takes a value."""
    try:
        event.model_validate({field: value})
    except ValidationError as error:
        return all(detail["loc"] != (field,) for detail in error.errors())
    return True


@pytest.mark.parametrize("field", sorted(words()))
def test_every_word_leads_to_one_that_the_contract_takes(field: str) -> None:
    """Whatever a person may say, an event with such a field takes what it stands for."""
    events = [event for event in EVENTS if field in event.model_fields]
    assert events
    refused = {value for value in words()[field].values() if not any(is_taken(event, field, value) for event in events)}
    assert set() == refused


def test_word_of_the_contract_is_shown_with_what_people_say() -> None:
    """A word that people know by another one is shown with it; one without stands alone."""
    assert ("wet_market (农贸市场)", "unheard") == (
        with_word("place_kind", "wet_market"),
        with_word("place_kind", "unheard"),
    )
