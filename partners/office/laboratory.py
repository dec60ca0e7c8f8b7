"""``shian laboratory``: an officer keeps the registry of laboratories."""

from partners.office.command import from_file
from partners.office.entries import Entries, event_with
from shared.contracts import LaboratoryAccredited, ProficiencyResult, ProficiencyRoundClosed, ScopeItem

SCOPE = Entries("scope", ScopeItem, "scope")
RESULTS = Entries("results", ProficiencyResult, "round")

accredit = from_file(
    LaboratoryAccredited,
    "Enter a laboratory's accreditation; a later entry takes the place of an earlier one.",
    "The accreditation: TOML or JSON, with its scope or without.",
    lambda file, scope: [event_with(LaboratoryAccredited, SCOPE, file, scope)],
    table=("--scope", "The scope (能力范围) as a table, CSV or XLSX, a row each."),
)

close_round = from_file(
    ProficiencyRoundClosed,
    "Report a proficiency round (能力验证): every laboratory's result on one substance in one material.",
    "The round: TOML or JSON, with its results or without.",
    lambda file, results: [event_with(ProficiencyRoundClosed, RESULTS, file, results)],
    table=("--results", "The results as a table, CSV or XLSX, a row each."),
)
