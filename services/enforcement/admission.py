"""Whether a step is admitted to a case as it stands: by whom, on which version, from which state, at which time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.enforcement.steps import State, Step
from shared.contracts import CaseStep, RefusalReason
from shared.refusal import Refusal
from shared.workdays import china_time

CLOCKS_APART = timedelta(minutes=10)
"""How far one organisation's clock may be from another's."""
_WHERE = "data.case_no"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands before a step."""

    state: State
    version: int
    since: datetime
    """When it came into its state."""
    region: str
    """Of the agency in charge."""
    police: str
    """The region of the police to whom it was transferred; empty before."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Who takes the step, as the server knows them, and when and for which region they said so."""

    party: str
    """Such as officer.O007 or police.210283."""
    region: str
    received: datetime

    @property
    def role(self) -> str:
        """What they are."""
        return self.party.partition(".")[0]

    @property
    def token(self) -> str:
        """Their id, or an authority's region in figures."""
        return self.party.partition(".")[2]


def of_another(case_no: str, case: Standing, teller: Teller) -> Refusal | None:
    """Why a case is not the teller's to act on, or none."""
    if teller.role in ("officer", "head"):
        if teller.region == case.region:
            return None
        text = f"Case {case_no} belongs to region {case.region}; its own agency acts on it."
    elif teller.role == "police":
        if teller.token == _figures(case.police):
            return None
        text = f"Case {case_no} is not before {teller.party}: it was not transferred to these police, or passed on."
    else:
        if teller.token in (_figures(case.region), _figures(case.police)):
            return None
        text = f"Case {case_no} is not before {teller.party}: the procuratorate of the same level supervises it."
    return Refusal(RefusalReason.NOT_YOURS, _WHERE, text)


def not_now(said: CaseStep, step: Step, case: Standing, teller: Teller) -> Refusal | None:
    """Why a step cannot be taken on a case that is the teller's, or none."""
    if said.version != case.version:
        text = (
            f"Case {said.case_no} is {_words(case.state)} in version {case.version}, and this was said of version "
            f"{said.version}; look at the case again, and say it of the version that you see."
        )
        return Refusal(RefusalReason.STALE, "data.version", text)
    if case.state not in step.sources:
        sources = ", ".join(_words(state) for state in step.sources)
        by = f" ({step.citation})" if step.citation else ""
        text = f"Case {said.case_no} is {_words(case.state)}; {step.actor} can do this when it is {sources}{by}."
        return Refusal(RefusalReason.BARRED, _WHERE, text)
    return _wrong_time(said, case, teller)


def _wrong_time(said: CaseStep, case: Standing, teller: Teller) -> Refusal | None:
    if said.at > teller.received + CLOCKS_APART:
        text = f"{china_time(said.at)} is yet to come; correct the time."
        return Refusal(RefusalReason.WRONG_DATES, "data.at", text)
    if said.at < case.since - CLOCKS_APART:
        text = (
            f"{china_time(said.at)} is before {china_time(case.since)}, since when the case is {_words(case.state)}; "
            "correct the time."
        )
        return Refusal(RefusalReason.WRONG_DATES, "data.at", text)
    return None


def done_before(said: CaseStep, step: Step) -> Refusal:
    """That the same teller took this very step already."""
    text = f"This was done before: step {step.name.replace('_', ' ')} of case {said.case_no}; nothing needs to be done."
    return Refusal(RefusalReason.ALREADY_DONE, _WHERE, text)


def _figures(region: str) -> str:
    return region.replace(".", "")


def _words(state: State) -> str:
    return state.value.replace("_", " ")
