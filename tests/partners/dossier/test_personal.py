"""The mark of personal data: every such field carries it, and no event does."""

from pathlib import Path
from typing import Annotated, ClassVar

import pytest
from pydantic import BaseModel

from partners.dossier.personal import Personal, PersonalData, found_in, marked_fields, personal_values
from partners.dossier.report import CaseReport
from shared.contracts import CATALOGUE
from shared.contracts.event import Event
from tests.partners.dossier.writing import case_report


class Home(BaseModel):
    """Where somebody lives."""

    street: Annotated[str | None, PersonalData()] = None
    town: str = ""


class Leaking(Event):
    """An event as it must never be."""

    TYPE: ClassVar = "officer.case.leaked.v1"

    homes: dict[str, tuple[Home, ...]] | None = None
    names: tuple[Personal, ...] = ()
    inside: "Leaking | None" = None

    @property
    def about(self) -> str:
        return ""

    def sentence(self) -> str:
        return ""


@pytest.mark.parametrize("event", [entry.event for entry in CATALOGUE], ids=lambda event: event.TYPE)
def test_no_event_carries_personal_data(event: type[Event]) -> None:
    """No field of any event, at any depth, is marked as personal."""
    assert () == marked_fields(event)


def test_mark_is_found_at_any_depth() -> None:
    """A mark within lists, unions, dictionaries and models is found, and a model within itself is no trap."""
    assert ("homes.street", "names") == marked_fields(Leaking)


def test_every_field_that_leads_to_a_person_is_marked() -> None:
    """These fields of an officer's file are personal, and no other."""
    assert {
        *("contact", "contact_telephone"),
        *("officer.name", "officer.certificate_no"),
        *("person.name", "person.identity_no", "person.telephone", "person.address"),
        *("operator.name", "operator.address"),
    } == set(marked_fields(CaseReport))


def test_each_value_says_where_it_stands(tmp_path: Path) -> None:
    """What is found is named by the reference, so that the complaint says no name itself."""
    values = dict(personal_values(case_report(tmp_path)))
    assert ("赵永强", "0411-8981 0000") == (values["person P1, name"], values["contact_telephone"])
    assert "person P2, telephone" not in values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P1承认使用孔雀石绿", ()),
        ("赵永强承认使用孔雀石绿", ("person P1, name",)),
        ("赵 永 强的电话是１３９－０４１１－２２３３", ("person P1, name", "person P1, telephone")),
        ("身份证21028319800101123１", ("person P1, identity_no",)),
        ("庄河市永强水产养殖场", ("operator P0001, name",)),
        ("办案人周明", ("officer O001, name",)),
        ("执法证辽b-0210283001", ("officer O001, certificate_no",)),
        ("", ()),
    ],
)
def test_personal_values_are_found_in_a_free_text(tmp_path: Path, text: str, expected: tuple[str, ...]) -> None:
    """A value is found however spaces, hyphens, widths and capitals are written, and a reference is none."""
    assert expected == found_in(text, case_report(tmp_path))
