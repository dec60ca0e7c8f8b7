"""The names of the office's columns lead to fields that there are."""

import pytest

from partners.office.columns import Table, names
from shared.contracts import PlanLine, ProficiencyResult, SampleCollected, ScopeItem


@pytest.mark.parametrize(
    ("table", "model"),
    [("form", SampleCollected), ("plan", PlanLine), ("scope", ScopeItem), ("round", ProficiencyResult)],
)
def test_every_field_of_the_table_is_one_of_the_contract(table: Table, model: type[SampleCollected]) -> None:
    """No row of the table of names leads to a field that the contract does not have."""
    fields = set(names(table, model).fields.values())
    assert set(model.model_fields) == fields
