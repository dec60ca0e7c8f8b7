"""The watch: how the bus is, seen from outside the services, for Prometheus.

It looks at the servers, the streams and every durable consumer, those of partners too: how much waits, since when, and
whether what was acknowledged would survive a power cut. It hears no event and writes nothing.
"""
