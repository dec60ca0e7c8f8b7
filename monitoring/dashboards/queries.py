"""PromQL over the metrics of the exchange, each named as ``docs/metrics.md`` names it.

A gauge that is read from a database or from the bus is equal in every replica: the greatest is taken over all of its
labels first, and only then may it be added up over a label. An unknown metric raises a ``KeyError`` here, so that no
dashboard asks for one.
"""

import functools
from collections.abc import Mapping

from services.metrics_reference import labels_of, metrics_of, name_of, programs

IN_REGION = 'region=~"$region"'
"""The counties that are chosen at the top of a dashboard."""


@functools.cache
def _labels() -> Mapping[str, tuple[str, ...]]:
    return {name_of(metric): labels_of(metric) for registry in programs().values() for metric in metrics_of(registry)}


def kept(name: str, where: str = "") -> str:
    """A gauge from a database or the bus: one value for each of its label sets, whatever the number of replicas."""
    return f"max by ({', '.join(_labels()[name])}) ({each(name, where)})"


def total(name: str, where: str = "", by: str = "") -> str:
    """A gauge from a database or the bus, added up over its labels but these."""
    return f"{_sum(by)}({kept(name, where)})"


def each(name: str, where: str = "") -> str:
    """A metric of each process, as it is."""
    if name not in _labels():
        raise KeyError(name)
    return f"{name}{_braced(where)}"


def per_minute(name: str, where: str = "", by: str = "") -> str:
    """How fast a counter grows in all replicas."""
    return f"{_sum(by)}(rate({each(name, where)}[$__rate_interval])) * 60"


def counted(name: str, where: str = "", by: str = "") -> str:
    """How much a counter grew in the period shown, in all replicas.

    What happens seldom appears as a new series that is 1, which ``increase`` does not see as growth. So a series that
    was not there when the period began is taken as it stands.
    """
    series = each(name, where)
    return f"{_sum(by)}(({series} unless {series} offset $__range) or increase({series}[$__range]))"


def quantile(share: float, name: str, where: str = "", by: str = "", within: str = "$__rate_interval") -> str:
    """A quantile of a histogram in all replicas, such as 0.99 of the time that something took."""
    buckets = each(name, where).replace(name, f"{name}_bucket", 1)
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({share:g}, sum by ({labels}) (rate({buckets}[{within}])))"


def or_zero(expression: str) -> str:
    """Zero where nothing was counted: then zero is the truth."""
    return f"{expression} or vector(0)"


def _sum(by: str) -> str:
    return f"sum by ({by}) " if by else "sum"


def _braced(where: str) -> str:
    return f"{{{where}}}" if where else ""
