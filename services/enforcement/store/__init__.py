"""The enforcement service's tables and queries, a module for each thing that is kept."""

from services.enforcement.store import cases, evidence, listings, samples, steps
from services.enforcement.store.base import EnforcementTable
from shared.tables import tables_in

__all__ = ["cases", "evidence", "listings", "samples", "steps", "tables"]

tables = tables_in(EnforcementTable.metadata)
"""The journal's tables and the clocks."""
