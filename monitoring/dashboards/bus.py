"""Bus and services: what waits where and since when, how fast it is handled, and what the machines have left."""

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from monitoring.dashboards.frame import framed, rows
from monitoring.dashboards.machines import builds, connections, disks, memory, processor, servers, streams
from monitoring.dashboards.panels import (
    BAD,
    FINE,
    LOWEST,
    PER_MINUTE,
    SECONDS,
    WARN,
    Query,
    bars,
    lines,
    stat_panel,
    states,
)
from monitoring.dashboards.programs import JOBS, OF_PARTNERS, OF_SERVICES
from monitoring.dashboards.queries import counted, each, kept, or_zero, per_minute, quantile, total
from monitoring.dashboards.tables import Column, table_panel

WATCH = "on the bus as the watch sees it"
DAY = 86400


def dashboard() -> Dashboard:
    """Build it."""
    panels = rows(
        "Now",
        (3, [(4, panel) for panel in _now()]),
        (9, [(12, _parts()), (12, _faults())]),
        "What waits",
        (9, [(8, _durables()), (8, _durables_of_partners()), (8, _oldest())]),
        "What is handled",
        (8, [(8, _heard()), (8, _sizes()), (8, _times())]),
        (8, [(12, _told()), (12, _refused())]),
        "The bus",
        (8, [(12, streams()), (12, servers())]),
        "Machines and programs",
        (8, [(6, disks()), (6, connections()), (6, memory()), (6, processor())]),
        (7, [(24, builds())]),
    )
    says = "What waits at each durable and since when, how batches are handled, and how the parts and the machines are."
    return framed("shian-bus", "Shian: bus and services", says, panels, period="3h", by_region=False)


def _now() -> list[Panel]:
    free, size = kept("shian_disk_free_bytes"), kept("shian_disk_size_bytes")
    ends = kept("shian_bus_server_certificate_expiry_timestamp_seconds")
    return [
        stat_panel(
            "Dead letters",
            f"Messages that a service could not answer, {WATCH}; they are never removed. `shian dead list` names them.",
            Query(total("shian_dead_letters")),
            steps=((1, WARN),),
            empty="not seen",
        ),
        stat_panel(
            "Last look",
            "How long ago the watch last saw all of the bus, and the slowest service its own database; both look every "
            "five seconds. When the watch is blind, what it showed is gone from the panels below; gauges of a database "
            "stand still (shian_gauges_read_timestamp_seconds).",
            Query(f"time() - max({kept('shian_watch_last_look_timestamp_seconds')})", "at the bus"),
            Query("time() - min(shian_gauges_read_timestamp_seconds)", "at the databases"),
            unit=SECONDS,
            steps=((30, WARN), (60, BAD)),
            empty="never",
        ),
        stat_panel(
            "Unconfirmed batches",
            "Batches that a service committed and whose events the bus has not confirmed, from the databases of all "
            "services (shian_unconfirmed_batches).",
            Query("sum(max by (job) (shian_unconfirmed_batches))"),
            steps=((1, WARN),),
        ),
        stat_panel(
            "Oldest unconfirmed batch",
            "Its age, from the databases (shian_unconfirmed_oldest_seconds); above a few seconds the bus does not take "
            "what was decided.",
            Query("max(shian_unconfirmed_oldest_seconds)"),
            unit=SECONDS,
            steps=((10, WARN), (60, BAD)),
        ),
        stat_panel(
            "Least free disk",
            "The smallest free share among the disks that the watch sees.",
            Query(f"min({free} / {size})"),
            unit="percentunit",
            steps=((LOWEST, BAD), (0.1, WARN), (0.2, FINE)),
            empty="no disk is watched",
        ),
        stat_panel(
            "Certificate ends in",
            "When the first TLS certificate of a server of the bus ends; no value without TLS.",
            Query(f"min({ends}) - time()"),
            unit=SECONDS,
            steps=((LOWEST, BAD), (7 * DAY, WARN), (30 * DAY, FINE)),
            empty="no TLS",
        ),
    ]


def _parts() -> Panel:
    return states(
        "Programs and their parts",
        "Whether Prometheus reaches every copy of a program (up), and whether its parts work in every copy: bus, "
        "database, each consumer (shian_part_healthy); and whether every watch can read the disks that it was given "
        "(shian_disk_readable).",
        Query(f"min by (job) (up{{{JOBS}}})", "{{job}}"),
        Query(f"min by (job, part) ({each('shian_part_healthy')})", "{{job}}: {{part}}"),
        Query(f"min by (folder) ({each('shian_disk_readable')})", "disk of {{folder}}"),
        words={"1": ("works", FINE), "0": ("does not", BAD)},
    )


def _faults() -> Panel:
    faults = {
        "failures of a handler": "shian_handler_failures_total",
        "attempts to publish not taken": "shian_publish_retries_total",
        "messages handed out again": "shian_repeated_total",
        "events told twice (an alarm)": "shian_duplicate_on_first_publish_total",
        "looks at a database that failed": "shian_gauge_failures_total",
        "looks at the bus that failed": "shian_watch_failures_total",
        "days beyond the holiday calendar": "shian_days_beyond_calendar_total",
    }
    return bars(
        "Faults",
        "What went wrong in the period chosen above, in all copies of all programs; zero is as it should be. A message "
        "handed out again is harmless.",
        *(Query(or_zero(counted(name)), fault) for fault, name in faults.items()),
        steps=((1, BAD),),
    )


def _durables() -> Panel:
    return table_panel(
        "Durables of the services",
        f"What waits at each durable consumer of a service, {WATCH}; it must not grow.",
        {"stream": "stream", "consumer": "consumer"},
        *_waiting(OF_SERVICES),
        Column(
            "oldest",
            kept("shian_consumer_oldest_seconds", OF_SERVICES),
            unit=SECONDS,
            steps=((30, WARN), (300, BAD)),
        ),
        sort_by="oldest",
        empty="the watch sees no bus",
    )


def _durables_of_partners() -> Panel:
    return table_panel(
        "Durables of the partners",
        f"What waits for each partner, {WATCH}. One that does not listen leaves its messages here, for as long as it "
        "likes.",
        {"stream": "stream", "consumer": "consumer"},
        *_waiting(OF_PARTNERS),
        Column("oldest", kept("shian_consumer_oldest_seconds", OF_PARTNERS), unit=SECONDS),
        sort_by="oldest",
        empty="the watch sees no bus",
    )


def _waiting(whose: str) -> list[Column]:
    return [
        Column("pending", kept("shian_consumer_pending", whose)),
        Column("unacknowledged", kept("shian_consumer_unacknowledged", whose)),
        Column("redelivered", kept("shian_consumer_redelivered", whose), steps=((1, WARN),)),
    ]


def _oldest() -> Panel:
    return lines(
        "Oldest message of each service",
        f"Age of the oldest message that a service has not acknowledged, {WATCH} (shian_consumer_oldest_seconds).",
        Query(kept("shian_consumer_oldest_seconds", OF_SERVICES), "{{consumer}} on {{stream}}"),
        unit=SECONDS,
    )


def _heard() -> Panel:
    return lines(
        "Events answered per minute",
        "By the service that answered (shian_heard_total).",
        Query(per_minute("shian_heard_total", by="consumer"), "{{consumer}}"),
        unit=PER_MINUTE,
    )


def _sizes() -> Panel:
    return lines(
        "Messages per batch",
        "Median and 99th percentile (shian_batch_messages). Full batches mean that more waits.",
        *_quantiles("shian_batch_messages"),
    )


def _times() -> Panel:
    return lines(
        "Time to answer a batch",
        "Until it is committed: median and 99th percentile (shian_batch_seconds).",
        *_quantiles("shian_batch_seconds"),
        unit=SECONDS,
    )


def _quantiles(metric: str) -> list[Query]:
    shares = (0.5, 0.99)
    return [Query(quantile(share, metric, by="consumer"), f"{{{{consumer}}}} p{share * 100:g}") for share in shares]


def _told() -> Panel:
    return lines(
        "Events told per minute",
        "By type, counted when they are committed (shian_told_total). A type that was not told is left out.",
        Query(f"{per_minute('shian_told_total', by='event')} > 0", "{{event}}"),
        unit=PER_MINUTE,
        stacked=True,
    )


def _refused() -> Panel:
    return bars(
        "Messages refused",
        "In the period chosen above, by the service that refused and why (shian_refused_total); a partner has a "
        "receipt with the reason.",
        Query(counted("shian_refused_total", by="consumer, reason"), "{{consumer}}: {{reason}}"),
    )
