"""The overview: is anything wrong, and the path of a failed sample as a flow from left to right."""

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from monitoring.dashboards.frame import Placed, framed, rows
from monitoring.dashboards.panels import (
    BAD,
    FINE,
    PER_MINUTE,
    PLAIN,
    SECONDS,
    WARN,
    Query,
    arrow,
    bars,
    lines,
    stat_panel,
)
from monitoring.dashboards.programs import JOBS, NUMBER, OF_SERVICES
from monitoring.dashboards.queries import IN_REGION, counted, kept, or_zero, per_minute, quantile, total
from monitoring.dashboards.tables import Column, table_panel
from shared.contracts import (
    AlertRaised,
    CaseReferred,
    Event,
    InsurerNotified,
    Level,
    SampleFailed,
    SamplePassed,
    SampleUnclear,
)

RESULTS, ALERTS = "shian_results_total", "shian_alerts_raised_total"
REFERRALS, NOTICES = "shian_referral_decisions_total", "shian_notice_decisions_total"
REFERRED = 'decision="referred"'
NOT_REFERRED = 'decision!~"referred|withdrawn"'
NOTIFIED = 'decision="notified"'
NOT_NOTIFIED = 'decision!~"notified|retracted"'
OUTCOMES = {"pass": ("passed", FINE), "fail": ("failed", BAD), "unclear": ("unclear", WARN)}
COLORS = {Level.RED: "red", Level.ORANGE: "orange", Level.YELLOW: "yellow", Level.BLUE: "blue"}
FIRING = 'alertstate="firing", severity!="info"'
PERIOD = "in the period chosen above, in the chosen counties"
FLOW_AT, FLOW_STEP = 4, 4


def dashboard() -> Dashboard:
    """Build it."""
    wrong = rows("Is anything wrong now?", (3, [(4, panel) for panel in _wrong()]))
    below = rows(
        "How it went",
        (8, [(8, panel) for panel in _over_time()]),
        "Why not, and what is firing",
        (
            9,
            [(6, _reasons_against_referral()), (5, _reasons_against_notice()), (5, _standing_alerts()), (8, _firing())],
        ),
        start=FLOW_AT + 1 + 3 * FLOW_STEP,
    )
    panels = [*wrong, *rows("The path of a failed sample", start=FLOW_AT), *_flow(), *below]
    says = "The path of a failed sample from report to alert, referral and notice, and what is wrong now."
    return framed("shian-overview", "Shian: overview", says, panels, period="24h")


def _wrong() -> list[Panel]:
    new_letters = "shian_dead_letters - min_over_time(shian_dead_letters[$__range])"
    one = ((1, BAD),)
    return [
        stat_panel(
            "Alarms firing",
            "Alarms that Prometheus holds for firing (ALERTS), but those of severity info; the bottom says which.",
            Query(or_zero(f"count(ALERTS{{{FIRING}}})")),
            steps=one,
        ),
        stat_panel(
            "Programs without a live copy",
            f"Of the {NUMBER} programs (four services and the watch), those of which Prometheus reaches no copy (up).",
            Query(f"{NUMBER} - ({or_zero(f'count(count by (job) (up{{{JOBS}}} == 1))')})"),
            steps=one,
        ),
        stat_panel(
            "Oldest message waiting",
            "Age of the oldest message that a service has not acknowledged, on the bus as the watch sees it. "
            "Partners' durables are left out: they may be away. No value: the watch sees no bus.",
            Query(f"max({kept('shian_consumer_oldest_seconds', OF_SERVICES)})"),
            unit=SECONDS,
            steps=((30, WARN), (300, BAD)),
            empty="not seen",
        ),
        stat_panel(
            "New dead letters",
            "Dead letters that came in the period chosen above (shian_dead_letters; they are never removed). "
            "`shian dead list` names them.",
            Query(f"sum(max by (service) ({new_letters}))"),
            steps=one,
            empty="not seen",
        ),
        stat_panel(
            "Clocks missed",
            "Statutory clocks that are over and whose duty is not done, of all counties, from the databases.",
            Query(total("shian_clocks", 'state="missed"')),
            steps=one,
        ),
        stat_panel(
            "Reports that wait for a person",
            "Reports that no rule decides (unclear); an officer settles them. From sampling's database, all counties.",
            Query(total("shian_results_waiting", 'waits_for="person"')),
            steps=((1, WARN),),
        ),
    ]


def _flow() -> list[Placed]:
    """Reports and verdicts as high as what follows from a failure: alert, referral and notice below each other."""
    whole = 3 * FLOW_STEP
    top = FLOW_AT + 1
    placed = [
        Placed(0, top, 4, whole, _reports()),
        Placed(4, top, 1, whole, arrow()),
        Placed(5, top, 4, whole, _verdicts()),
    ]
    for place, (decided, took) in enumerate(_consequences()):
        y = top + place * FLOW_STEP
        placed += [
            Placed(9, y, 1, FLOW_STEP, arrow()),
            Placed(10, y, 10, FLOW_STEP, decided),
            Placed(20, y, 4, FLOW_STEP, took),
        ]
    return placed


def _reports() -> Panel:
    return stat_panel(
        "Reports",
        f"Reports that were judged {PERIOD}, and their rate (shian_results_total). Those that wait for the form of "
        "their sample, and messages that sampling refused, are of all counties.",
        Query(or_zero(counted(RESULTS, IN_REGION)), "judged", PLAIN),
        Query(or_zero(per_minute(RESULTS, IN_REGION)), "judged per minute", PLAIN),
        Query(total("shian_results_waiting", 'waits_for="form"'), "wait for a form now", WARN),
        Query(or_zero(counted("shian_refused_total", 'consumer="sampling"')), "messages refused", BAD),
        upright=True,
    )


def _verdicts() -> Panel:
    return stat_panel(
        "Verdicts",
        f"What sampling judged {PERIOD} (shian_results_total by outcome).",
        *(
            Query(or_zero(counted(RESULTS, f'{IN_REGION}, outcome="{outcome}"')), name, color)
            for outcome, (name, color) in OUTCOMES.items()
        ),
        upright=True,
    )


def _consequences() -> list[tuple[Panel, Panel]]:
    alerts = stat_panel(
        "Alerts",
        f"Alerts raised {PERIOD} by level, and cancelled because their last failed sample was overturned. A failed "
        "sample of a standing alert joins it and raises none.",
        *(
            Query(or_zero(counted(ALERTS, f'{IN_REGION}, level="{level}"')), level.value, COLORS[level])
            for level in Level
        ),
        Query(or_zero(counted("shian_alerts_cancelled_total", IN_REGION)), "cancelled", "text"),
    )
    referrals = stat_panel(
        "Referrals to police and procuratorate",
        f"Cases referred {PERIOD}, not referred (why: below), and withdrawn (shian_referral_decisions_total).",
        Query(or_zero(counted(REFERRALS, f"{IN_REGION}, {REFERRED}")), "referred", BAD),
        Query(or_zero(counted(REFERRALS, f"{IN_REGION}, {NOT_REFERRED}")), "not referred", PLAIN),
        Query(or_zero(counted(REFERRALS, f'{IN_REGION}, decision="withdrawn"')), "withdrawn", "text"),
    )
    notices = stat_panel(
        "Notices to insurers",
        f"Insurers notified {PERIOD}, failed samples without a notice (why: below), and notices retracted "
        "(shian_notice_decisions_total).",
        Query(or_zero(counted(NOTICES, f"{IN_REGION}, {NOTIFIED}")), "notified", BAD),
        Query(or_zero(counted(NOTICES, f"{IN_REGION}, {NOT_NOTIFIED}")), "no notice due", PLAIN),
        Query(or_zero(counted(NOTICES, f'{IN_REGION}, decision="retracted"')), "retracted", "text"),
    )
    return [
        (alerts, _took("alert", AlertRaised)),
        (referrals, _took("referral", CaseReferred)),
        (notices, _took("notice", InsurerNotified)),
    ]


def _took(what: str, event: type[Event]) -> Panel:
    where = f'event="{event.TYPE}"'
    return stat_panel(
        f"From report to {what}",
        f"Time from the bus having the report to its having the {what}, in the period chosen above, all counties "
        "(shian_event_latency_seconds).",
        *(
            Query(quantile(share, "shian_event_latency_seconds", where, within="$__range"), f"p{share * 100:g}")
            for share in (0.5, 0.99)
        ),
        unit=SECONDS,
        steps=((5, WARN), (60, BAD)),
    )


def _over_time() -> list[Panel]:
    kinds: dict[str, type[Event]] = {"alert": AlertRaised, "referral": CaseReferred, "notice": InsurerNotified}
    verdicts = "|".join(event.TYPE for event in (SamplePassed, SampleFailed, SampleUnclear))
    taken = {"verdict": f'event=~"{verdicts}"'} | {name: f'event="{event.TYPE}"' for name, event in kinds.items()}
    return [
        lines(
            "Verdicts per minute",
            "Reports judged, by outcome, in the chosen counties (shian_results_total).",
            *(
                Query(or_zero(per_minute(RESULTS, f'{IN_REGION}, outcome="{outcome}"')), name, color)
                for outcome, (name, color) in OUTCOMES.items()
            ),
            unit=PER_MINUTE,
            stacked=True,
        ),
        lines(
            "Alerts, referrals and notices per minute",
            "What followed from failed samples in the chosen counties.",
            Query(or_zero(per_minute(ALERTS, IN_REGION)), "alerts raised", WARN),
            Query(or_zero(per_minute(REFERRALS, f"{IN_REGION}, {REFERRED}")), "cases referred", BAD),
            Query(or_zero(per_minute(NOTICES, f"{IN_REGION}, {NOTIFIED}")), "insurers notified", PLAIN),
            unit=PER_MINUTE,
        ),
        lines(
            "Time from the report",
            "From the bus having the report to its having what followed: median and 99th percentile, all counties "
            "(shian_event_latency_seconds). A gap: nothing of the kind was told.",
            *(
                Query(quantile(share, "shian_event_latency_seconds", where), f"{name} p{share * 100:g}")
                for name, where in taken.items()
                for share in (0.5, 0.99)
            ),
            unit=SECONDS,
        ),
    ]


def _reasons_against_referral() -> Panel:
    return bars(
        "Why not referred",
        f"Cases that stayed administrative {PERIOD}, by reason (shian_referral_decisions_total).",
        Query(counted(REFERRALS, f"{IN_REGION}, {NOT_REFERRED}", "decision"), "{{decision}}"),
    )


def _reasons_against_notice() -> Panel:
    return bars(
        "Why no insurer was notified",
        f"Failed samples without a notice {PERIOD}, by reason (shian_notice_decisions_total).",
        Query(counted(NOTICES, f"{IN_REGION}, {NOT_NOTIFIED}", "decision"), "{{decision}}"),
    )


def _standing_alerts() -> Panel:
    return bars(
        "Alerts that stand now",
        "By level, all counties, from the database of alerts (shian_alerts).",
        *(Query(kept("shian_alerts", f'level="{level}"'), level.value, COLORS[level]) for level in Level),
    )


def _firing() -> Panel:
    return table_panel(
        "What is firing",
        "Alarms that Prometheus holds for firing (ALERTS), whom they call, and for how many label sets each; those of "
        "severity info are left out.",
        {"alertname": "alarm", "severity": "severity", "audience": "calls"},
        Column("times", f"count by (alertname, severity, audience) (ALERTS{{{FIRING}}})"),
        words={"severity": {"page": ("page", BAD), "ticket": ("ticket", WARN)}},
        empty="nothing is firing",
    )
