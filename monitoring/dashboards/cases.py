"""Cases and clocks: whose duty is late, what waits for a signature, and how far the cases are."""

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from monitoring.dashboards.frame import framed, rows
from monitoring.dashboards.panels import BAD, FINE, PER_MINUTE, PLAIN, WARN, Query, Words, bars, lines, stat_panel
from monitoring.dashboards.path import REFERRALS
from monitoring.dashboards.queries import IN_REGION, counted, each, kept, or_zero, per_minute, total
from monitoring.dashboards.tables import Column, table_panel
from services.enforcement import deadlines as of_cases
from services.enforcement.steps import ENDED, State
from services.sampling import deadlines as of_samples

CASES, CLOCKS, CLOCKS_MISSED = "shian_cases", "shian_clocks", "shian_clocks_missed_total"
NOT_ENDED = f'{IN_REGION}, state!~"{"|".join(sorted(ENDED))}"'
COLORS = {"missed": BAD, "approaching": WARN, "open": PLAIN}
EVERYWHERE = "from the databases of sampling and enforcement, all counties (shian_clocks)."
FROM_CASES = "in the chosen counties, from enforcement's database"


def dashboard() -> Dashboard:
    """Build it."""
    panels = rows(
        "What waits for somebody",
        (3, [(3, panel) for panel in _waiting()]),
        "Statutory clocks",
        (10, [(12, _clocks()), (6, _clocks_missed()), (6, _clocks_over_time())]),
        "Cases",
        (10, [(8, _states()), (8, _regions()), (8, _states_over_time())]),
        "Referrals",
        (8, [(8, _decisions()), (16, _decisions_over_time())]),
    )
    says = "Statutory clocks by whom they bind, reports that wait for a signature, cases by state, and referrals."
    return framed("shian-cases", "Shian: cases and clocks", says, panels, period="7d")


def _waiting() -> list[Panel]:
    def clocks(title: str, state: str, color: str) -> Panel:
        return stat_panel(
            title,
            f"Statutory clocks whose duty is not done and that are {state}, {EVERYWHERE}",
            Query(total(CLOCKS, f'state="{state}"')),
            steps=((1, color),),
        )

    def cases(title: str, says: str, query: str, color: str = WARN) -> Panel:
        return stat_panel(title, f"{says} {FROM_CASES}.", Query(or_zero(query)), steps=((1, color),))

    def supervised(how: str) -> str:
        return total("shian_cases_under_supervision", f'{IN_REGION}, supervision="{how}"')

    reported, signed = (total(CASES, f'{IN_REGION}, state="{state}"') for state in (State.REPORTED, State.SIGNED))
    return [
        clocks("Clocks missed", "missed", BAD),
        clocks("Clocks approaching", "approaching", WARN),
        cases("For the second officer", "Reports that wait for the second officer's signature", reported),
        cases("For the head", "Reports, signed by two officers, that wait for the head's decision", signed),
        cases(
            "Referred, undecided",
            "Referred cases on whose transfer nobody reported yet",
            total("shian_referred_cases_undecided", IN_REGION),
        ),
        cases("Major cases", "Cases not ended that are flagged as major", supervised("major")),
        cases("Under joint supervision", "Cases not ended that are supervised jointly", supervised("joint")),
        stat_panel(
            "Today",
            "Whether today is a working day in mainland China, with its holidays (shian_working_day): periods in "
            "working days stand still on a day off.",
            Query(f"max({kept('shian_working_day')})"),
            words={"1": ("working day", FINE), "0": ("day off", PLAIN)},
        ),
    ]


def _clocks() -> Panel:
    runs = f"max by (kind, actor) ({each(CLOCKS)}) > 0"

    def of(state: str) -> str:
        selected = each(CLOCKS, f'state="{state}"')
        return f"max by (kind, actor) ({selected}) and {runs}"

    return table_panel(
        "Clocks by duty and by whom it binds",
        f"Statutory clocks whose duty is not done: missed, approaching their end, or open, {EVERYWHERE} "
        "Each kind stands with its article in docs/clocks.md; `shian clock` and `shian lists` name each clock.",
        {"kind": "duty", "actor": "binds"},
        *(
            Column(state, of(state), steps=((1, COLORS[state]),) if state != "open" else ())
            for state in ("missed", "approaching", "open")
        ),
        sort_by="missed",
        words={"duty": _duties()},
        empty="no clock is running",
    )


def _duties() -> Words:
    periods = of_samples.deadlines() | of_cases.deadlines()
    return {kind: (f"{kind}: {period.duty}", "text") for kind, period in sorted(periods.items())}


def _clocks_missed() -> Panel:
    return bars(
        "Clocks missed in the period",
        "Statutory clocks told as missed in the period chosen above, by duty and by whom it binds "
        "(shian_clocks_missed_total); the duty may have been done since, late.",
        Query(f"{counted(CLOCKS_MISSED, by='kind, actor')} > 0", "{{kind}} {{actor}}"),
        steps=((1, BAD),),
    )


def _clocks_over_time() -> Panel:
    return lines(
        "Clocks",
        f"Statutory clocks whose duty is not done, {EVERYWHERE}",
        *(Query(total(CLOCKS, f'state="{state}"'), state, color) for state, color in COLORS.items()),
    )


def _states() -> Panel:
    return bars(
        "Cases by state",
        f"Cases that have not ended {FROM_CASES} (shian_cases). A state that no case is in is left out.",
        Query(f"{total(CASES, NOT_ENDED, 'state')} > 0", "{{state}}"),
    )


def _regions() -> Panel:
    signature = f'{IN_REGION}, state=~"{State.REPORTED}|{State.SIGNED}"'
    return table_panel(
        "Cases by county",
        f"Cases {FROM_CASES} (shian_cases, shian_referred_cases_undecided).",
        {"region": "county"},
        Column("not ended", total(CASES, NOT_ENDED, "region")),
        Column("wait for a signature", total(CASES, signature, "region"), steps=((1, WARN),)),
        Column("referred, undecided", total("shian_referred_cases_undecided", IN_REGION, "region"), steps=((1, WARN),)),
        Column("ended", total(CASES, f'{IN_REGION}, state=~"{"|".join(sorted(ENDED))}"', "region")),
        sort_by="not ended",
        empty="no case",
    )


def _states_over_time() -> Panel:
    return lines(
        "Cases over time",
        f"Cases that have not ended by state {FROM_CASES} (shian_cases).",
        Query(f"{total(CASES, NOT_ENDED, 'state')} > 0", "{{state}}"),
        stacked=True,
    )


def _decisions() -> Panel:
    return bars(
        "Referral decisions",
        "Cases referred, referrals withdrawn, and why cases were not referred, in the period chosen above in the "
        "chosen counties (shian_referral_decisions_total).",
        Query(counted(REFERRALS, IN_REGION, "decision"), "{{decision}}"),
    )


def _decisions_over_time() -> Panel:
    return lines(
        "Referral decisions per minute",
        "In the chosen counties (shian_referral_decisions_total).",
        Query(per_minute(REFERRALS, IN_REGION, "decision"), "{{decision}}"),
        unit=PER_MINUTE,
        stacked=True,
    )
