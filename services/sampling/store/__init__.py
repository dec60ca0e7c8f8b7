"""The sampling service's tables and queries, a module for each thing that is kept."""

from services.sampling.store import acts, laboratories, plans, rapid_tests, reinspections, reports, samples, tallies
from services.sampling.store.base import SamplingTable
from shared.tables import tables_in

__all__ = ["acts", "laboratories", "plans", "rapid_tests", "reinspections", "reports", "samples", "tables", "tallies"]

tables = tables_in(SamplingTable.metadata)
"""The journal's tables and the clocks."""
