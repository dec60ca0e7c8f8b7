"""``shian plan``: an officer adopts a plan or a campaign."""

from partners.office.command import from_file
from partners.office.entries import Entries, event_with
from shared.contracts import PlanAdopted, PlanLine

LINES = Entries("lines", PlanLine, "plan")

adopt = from_file(
    PlanAdopted,
    "Adopt the plan of a year or a special campaign, or a new version of it under the same number.",
    "The plan: TOML or JSON, with its lines or without.",
    lambda file, lines: [event_with(PlanAdopted, LINES, file, lines)],
    table=("--lines", "The lines as a table, CSV or XLSX, a row each."),
)
