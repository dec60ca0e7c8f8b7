"""The path of a failed sample as a flow: reports, verdicts, and what follows from a failure, with how long it took."""

from grafana_foundation_sdk.models.dashboard import Panel

from monitoring.dashboards.frame import Placed
from monitoring.dashboards.panels import BAD, FINE, PER_MINUTE, PLAIN, SECONDS, WARN, Query, arrow, lines, stat_panel
from monitoring.dashboards.queries import IN_REGION, counted, or_zero, per_minute, quantile, total
from shared.contracts import AlertRaised, CaseReferred, Event, InsurerNotified, Level

RESULTS, ALERTS = "shian_results_total", "shian_alerts_raised_total"
REFERRALS, NOTICES = "shian_referral_decisions_total", "shian_notice_decisions_total"
REFERRED = 'decision="referred"'
NOT_REFERRED = 'decision!~"referred|withdrawn"'
NOTIFIED = 'decision="notified"'
NOT_NOTIFIED = 'decision!~"notified|retracted"'
OUTCOMES = {"pass": ("passed", FINE), "fail": ("failed", BAD), "unclear": ("unclear", WARN)}
COLORS = {Level.RED: "red", Level.ORANGE: "orange", Level.YELLOW: "yellow", Level.BLUE: "blue"}
PERIOD = "in the period chosen above, in the chosen counties"
STEP = 4
HEIGHT = 3 * STEP


def flow(top: int) -> list[Placed]:
    """Reports and verdicts as high as what follows from a failure: alert, referral and notice below each other."""
    placed = [
        Placed(0, top, 4, HEIGHT, _reports()),
        Placed(4, top, 1, HEIGHT, arrow()),
        Placed(5, top, 4, HEIGHT, _verdicts()),
    ]
    for place, (decided, took) in enumerate(_consequences()):
        y = top + place * STEP
        placed += [
            Placed(9, y, 1, STEP, arrow()),
            Placed(10, y, 10, STEP, decided),
            Placed(20, y, 4, STEP, took),
        ]
    return placed


def verdicts_over_time(title: str, says: str) -> Panel:
    """Reports judged by outcome, one above the other."""
    return lines(
        title,
        says,
        *(
            Query(or_zero(per_minute(RESULTS, f'{IN_REGION}, outcome="{outcome}"')), name, color)
            for outcome, (name, color) in OUTCOMES.items()
        ),
        unit=PER_MINUTE,
        stacked=True,
    )


def _reports() -> Panel:
    return stat_panel(
        "Reports",
        f"Reports that were judged {PERIOD}, and their rate (shian_results_total). Those that wait for the form of "
        "their sample, and messages that sampling refused, are of all counties.",
        Query(or_zero(counted(RESULTS, IN_REGION)), "judged", PLAIN),
        Query(or_zero(per_minute(RESULTS, IN_REGION)), "judged per minute now", PLAIN, PER_MINUTE),
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
