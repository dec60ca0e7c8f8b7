"""What the watch shows; each look replaces the last one, and a look that fails leaves nothing behind to be believed."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector

from services.watch.sights import ConsumerSight, DiskSight, ServerSight, StreamSight
from shared.metrics import Build


class WatchMetrics:
    """The metrics of the watch."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.build = Build(self.registry, "watch")
        self.failures = Counter("shian_watch_failures", "Looks at the bus that failed.", registry=self.registry)
        self.looked = self._gauge("shian_watch_last_look_timestamp_seconds", "When the bus was last looked at in full.")
        self.servers = self._gauge(
            "shian_bus_server_info", "A server of the bus that answers, and its version.", "server", "version"
        )
        self.sync_always = self._gauge(
            "shian_bus_server_sync_always",
            "1 where the server writes to disk before it acknowledges, else 0.",
            "server",
        )
        self.storage = self._gauge("shian_bus_server_storage_bytes", "What its streams take on disk.", "server")
        self.storage_limit = self._gauge(
            "shian_bus_server_storage_limit_bytes", "What its streams may take on disk.", "server"
        )
        self.connections = self._gauge("shian_bus_server_connections", "Clients connected to the server.", "server")
        self.slow_consumers = self._gauge(
            "shian_bus_server_slow_consumers", "Clients cut off since its start because they were too slow.", "server"
        )
        self.certificate = self._gauge(
            "shian_bus_server_certificate_expiry_timestamp_seconds",
            "When the server's TLS certificate ends; absent without TLS.",
            "server",
        )
        self.messages = self._gauge("shian_stream_messages", "Messages that the stream holds.", "stream")
        self.bytes = self._gauge("shian_stream_bytes", "Bytes that the stream holds.", "stream")
        self.replicas = self._gauge(
            "shian_stream_replicas", "Copies of the stream: current, lagging or offline.", "stream", "state"
        )
        self.replicas_wanted = self._gauge(
            "shian_stream_replicas_wanted", "Copies of the stream that there should be.", "stream"
        )
        self.dead_letters = self._gauge(
            "shian_dead_letters",
            "Dead letters, by the service that could not answer; they are never removed.",
            "service",
        )
        at = "stream", "consumer"
        self.pending = self._gauge("shian_consumer_pending", "Messages that were not handed out yet.", *at)
        self.unacknowledged = self._gauge(
            "shian_consumer_unacknowledged", "Messages that were handed out and are not acknowledged.", *at
        )
        self.redelivered = self._gauge(
            "shian_consumer_redelivered", "Unacknowledged messages that were handed out more than once.", *at
        )
        self.oldest = self._gauge(
            "shian_consumer_oldest_seconds", "Age of the oldest message that is not acknowledged; 0 for none.", *at
        )
        self.disk_readable = self._gauge(
            "shian_disk_readable", "1 where the disk of a folder can be read, else 0; then it has no size.", "folder"
        )
        self.disk_free = self._gauge("shian_disk_free_bytes", "What is free on the disk of a folder.", "folder")
        self.disk_size = self._gauge("shian_disk_size_bytes", "Size of the disk of a folder.", "folder")
        ProcessCollector(registry=self.registry)

    def show_servers(self, sights: Iterable[ServerSight]) -> None:
        """Show the servers that answered."""
        gauges = self.sync_always, self.storage, self.storage_limit, self.connections, self.slow_consumers
        for gauge in (*gauges, self.servers, self.certificate):
            gauge.clear()
        for one in sights:
            self.servers.labels(one.server, one.version).set(1)
            values = one.sync_always, one.storage, one.storage_limit, one.connections, one.slow_consumers
            for gauge, value in zip(gauges, values, strict=True):
                gauge.labels(one.server).set(value)
            if one.certificate_ends is not None:
                self.certificate.labels(one.server).set(one.certificate_ends)

    def show_streams(self, sights: Iterable[StreamSight]) -> None:
        """Show the streams."""
        for gauge in (self.messages, self.bytes, self.replicas, self.replicas_wanted):
            gauge.clear()
        for one in sights:
            self.messages.labels(one.stream).set(one.messages)
            self.bytes.labels(one.stream).set(one.bytes)
            self.replicas_wanted.labels(one.stream).set(one.replicas_wanted)
            for state, number in one.replicas.items():
                self.replicas.labels(one.stream, state).set(number)

    def show_dead_letters(self, numbers: dict[str, int]) -> None:
        """Show how many dead letters each service wrote."""
        for service, number in numbers.items():
            self.dead_letters.labels(service).set(number)

    def show_consumers(self, sights: Iterable[ConsumerSight]) -> None:
        """Show the durable consumers."""
        gauges = self.pending, self.unacknowledged, self.redelivered, self.oldest
        for gauge in gauges:
            gauge.clear()
        for one in sights:
            for gauge, value in zip(gauges, (one.pending, one.unacknowledged, one.redelivered, one.age), strict=True):
                gauge.labels(one.stream, one.consumer).set(value)

    def show_disks(self, sights: Iterable[DiskSight]) -> None:
        """Show the disks of the folders, of one that cannot be read only that."""
        for gauge in (self.disk_readable, self.disk_free, self.disk_size):
            gauge.clear()
        for one in sights:
            self.disk_readable.labels(one.folder).set(not one.fault)
            if one.fault:
                continue
            self.disk_free.labels(one.folder).set(one.free)
            self.disk_size.labels(one.folder).set(one.size)

    def forget(self) -> None:
        """Show nothing of the bus any more: what was seen may no longer hold. Disks are seen without the bus."""
        self.show_servers(())
        self.show_streams(())
        self.show_consumers(())
        self.dead_letters.clear()

    def _gauge(self, name: str, does: str, *labels: str) -> Gauge:
        return Gauge(name, does, labels, registry=self.registry)
