"""What the bus and the programs run on: streams, servers, disks, databases' connections, memory, and what was built."""

from grafana_foundation_sdk.models.dashboard import Panel

from monitoring.dashboards.panels import BAD, FINE, SECONDS, WARN, Query, bars, lines
from monitoring.dashboards.programs import JOBS
from monitoring.dashboards.queries import each, kept, total
from monitoring.dashboards.tables import Column, table_panel

BYTES = "bytes"


def streams() -> Panel:
    """The streams and their copies."""

    def copies(state: str) -> str:
        return total("shian_stream_replicas", f'state="{state}"', "stream")

    return table_panel(
        "Streams",
        "What each stream holds, and its copies: as many as wanted should be current (shian_stream_*, by the watch).",
        {"stream": "stream"},
        Column("messages", kept("shian_stream_messages")),
        Column("size", kept("shian_stream_bytes"), unit=BYTES),
        Column("copies wanted", kept("shian_stream_replicas_wanted")),
        Column("current", copies("current")),
        Column("lagging", copies("lagging"), steps=((1, WARN),)),
        Column("offline", copies("offline"), steps=((1, BAD),)),
        sort_by="messages",
        empty="the watch sees no bus",
    )


def servers() -> Panel:
    """The servers of the bus."""

    def of(expression: str) -> str:
        return f"{expression} * on (server) group_left (version) {kept('shian_bus_server_info')}"

    storage, limit = kept("shian_bus_server_storage_bytes"), kept("shian_bus_server_storage_limit_bytes")
    ends = kept("shian_bus_server_certificate_expiry_timestamp_seconds")
    return table_panel(
        "Servers",
        "The servers that answer the watch (shian_bus_server_*). One that does not write to disk before it "
        "acknowledges may lose what was said when the power fails.",
        {"server": "server", "version": "version"},
        Column(
            "writes before it acknowledges",
            of(kept("shian_bus_server_sync_always")),
            words={"1": ("yes", FINE), "0": ("no", BAD)},
        ),
        Column("streams on disk", of(storage), unit=BYTES),
        Column("of its limit", of(f"({storage} / ({limit} > 0))"), "percentunit", ((0.7, WARN), (0.9, BAD))),
        Column("clients", of(kept("shian_bus_server_connections"))),
        Column("cut off as too slow", of(kept("shian_bus_server_slow_consumers")), steps=((1, WARN),)),
        Column("certificate ends in", of(f"({ends} - time())"), unit=SECONDS),
        empty="the watch sees no bus",
    )


def disks() -> Panel:
    """The disks of the folders that the watch was given."""
    used = f"1 - {kept('shian_disk_free_bytes')} / {kept('shian_disk_size_bytes')}"
    return bars(
        "Disks, used share",
        "Of the folders that the watch was given with --disk (shian_disk_free_bytes, shian_disk_size_bytes); one that "
        "cannot be read is left out here and red above.",
        Query(used, "{{folder}}"),
        unit="percentunit",
        steps=((0.8, WARN), (0.9, BAD)),
    )


def connections() -> Panel:
    """The pools of the services."""
    pool = each("shian_database_connections")
    return lines(
        "Database connections",
        "In use and idle in the pools of all copies of a service, and how many one may have at most "
        "(shian_database_connections, shian_database_connections_max).",
        Query(f"sum by (job, state) ({pool})", "{{job}} {{state}}"),
        Query(f"max by (job) ({each('shian_database_connections_max')})", "{{job}} at most in one"),
    )


def memory() -> Panel:
    """Memory of each process."""
    return lines(
        "Memory",
        "Resident memory of each copy (process_resident_memory_bytes).",
        Query(f"process_resident_memory_bytes{{{JOBS}}}", "{{job}} {{instance}}"),
        unit=BYTES,
    )


def processor() -> Panel:
    """Processor time of each process."""
    return lines(
        "Processor",
        "Cores that each copy keeps busy (process_cpu_seconds_total).",
        Query(f"rate(process_cpu_seconds_total{{{JOBS}}}[$__rate_interval])", "{{job}} {{instance}}"),
    )


def builds() -> Panel:
    """What runs, since when."""
    build = f"{each('shian_build_info')} * on (instance) group_left ()"
    started = f"process_start_time_seconds{{{JOBS}}}"
    return table_panel(
        "What runs",
        "Each copy of each program, what it was built from, and since when it runs (shian_build_info).",
        {
            "service": "program",
            "instance": "instance",
            "version": "version",
            "revision": "revision",
            "python": "Python",
        },
        Column(
            "runs for",
            f"max by (service, instance, version, revision, python) ({build} (time() - {started}))",
            SECONDS,
        ),
        empty="nothing is scraped",
    )
