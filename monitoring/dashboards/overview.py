"""The overview: is anything wrong, and the path of a failed sample as a flow from left to right."""

from functools import partial

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from monitoring.dashboards.frame import framed, leading_to, rows
from monitoring.dashboards.panels import (
    BAD,
    PER_MINUTE,
    PLAIN,
    SECONDS,
    WARN,
    Query,
    bars,
    lines,
    stat_panel,
)
from monitoring.dashboards.path import (
    ALERTS,
    COLORS,
    HEIGHT,
    NOT_NOTIFIED,
    NOT_REFERRED,
    NOTICES,
    NOTIFIED,
    PERIOD,
    REFERRALS,
    REFERRED,
    flow,
    verdicts_over_time,
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

FIRING = 'alertstate="firing", severity!="info"'
FLOW_AT = 4
_DETAILS = (
    ("shian-bus", "Bus and services"),
    ("shian-cases", "Cases and clocks"),
    ("shian-sampling", "Sampling"),
)


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
        start=FLOW_AT + 1 + HEIGHT,
    )
    panels = [*wrong, *rows("The path of a failed sample", start=FLOW_AT), *flow(FLOW_AT + 1), *below]
    says = "The path of a failed sample from report to alert, referral and notice, and what is wrong now."
    return framed("shian-overview", "Shian: overview", says, panels, period="24h")


def _wrong() -> list[Panel]:
    new_letters = "shian_dead_letters - min_over_time(shian_dead_letters[$__range])"
    one = ((1, BAD),)
    to_bus, to_cases, to_sampling = (partial(leading_to, uid=uid, title=title) for uid, title in _DETAILS)
    return [
        stat_panel(
            "Alarms firing",
            "Alarms that Prometheus holds for firing (ALERTS), but those of severity info; the bottom says which.",
            Query(or_zero(f"count(ALERTS{{{FIRING}}})")),
            steps=one,
        ),
        to_bus(
            stat_panel(
                "Programs without a live copy",
                f"Of the {NUMBER} programs (services and watch), those of which Prometheus reaches no copy (up).",
                Query(f"{NUMBER} - ({or_zero(f'count(count by (job) (up{{{JOBS}}} == 1))')})"),
                steps=one,
            )
        ),
        to_bus(
            stat_panel(
                "Oldest message waiting",
                "Age of the oldest message that a service has not acknowledged, on the bus as the watch sees it. "
                "Partners' durables are left out: they may be away. No value: the watch sees no bus.",
                Query(f"max({kept('shian_consumer_oldest_seconds', OF_SERVICES)})"),
                unit=SECONDS,
                steps=((30, WARN), (300, BAD)),
                empty="not seen",
            )
        ),
        to_bus(
            stat_panel(
                "New dead letters",
                "Dead letters that came in the period chosen above (shian_dead_letters; they are never removed). "
                "`shian dead list` names them.",
                Query(f"sum(max by (service) ({new_letters}))"),
                steps=one,
                empty="not seen",
            )
        ),
        to_cases(
            stat_panel(
                "Clocks missed",
                "Statutory clocks that are over and whose duty is not done, of all counties, from the databases.",
                Query(total("shian_clocks", 'state="missed"')),
                steps=one,
            )
        ),
        to_sampling(
            stat_panel(
                "Reports that wait for a person",
                "Reports that no rule decides and an officer settles, from sampling's database, all counties.",
                Query(total("shian_results_waiting", 'waits_for="person"')),
                steps=((1, WARN),),
            )
        ),
    ]


def _over_time() -> list[Panel]:
    kinds: dict[str, type[Event]] = {"alert": AlertRaised, "referral": CaseReferred, "notice": InsurerNotified}
    verdicts = "|".join(event.TYPE for event in (SamplePassed, SampleFailed, SampleUnclear))
    taken = {"verdict": f'event=~"{verdicts}"'} | {name: f'event="{event.TYPE}"' for name, event in kinds.items()}
    return [
        verdicts_over_time(
            "Verdicts per minute", "Reports judged, by outcome, in the chosen counties (shian_results_total)."
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
