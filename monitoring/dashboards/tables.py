"""Tables: one row for each set of labels, one column for each expression.

Grafana asks for each column by itself and merges the rows whose labels are equal; so every expression of a table must
leave the same labels. Several columns come as ``Value #A``, ``Value #B``; a single one as ``Value``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.builders import common, prometheus, table
from grafana_foundation_sdk.models.dashboard import (
    DashboardFieldConfigSourceOverrides,
    DataTransformerConfig,
    Panel,
)
from grafana_foundation_sdk.models.prometheus import Dataquery, PromQueryFormat

from monitoring.dashboards.panels import COUNT, SOURCE, Steps, Words, dressed, mapped, override, ref_id, thresholds


@dataclass(frozen=True, slots=True)
class Column:
    """One column of numbers."""

    heading: str
    expression: str
    unit: str = COUNT
    steps: Steps = ()
    words: Words | None = None
    as_gauge: bool = False
    """Drawn as a bar from 0 to 1."""
    hidden: bool = False
    """Only there for its rows."""


def table_panel(  # noqa: PLR0913 - what a table shows is said where it is made
    title: str,
    says: str,
    labels: Mapping[str, str],
    *columns: Column,
    sort_by: str = "",
    words: Mapping[str, Words] | None = None,
    empty: str = "none",
) -> Panel:
    """A table: ``labels`` gives each label its heading, ``words`` what the values under a heading are called."""
    builder = table.Panel().show_header(True).filterable(False).no_value(empty)
    if sort_by:
        builder = builder.sort_by([common.TableSortByFieldState().display_name(sort_by).desc(True)])
    panel = builder.build()
    panel.transformations = [DataTransformerConfig(id_val="merge", options={}), _organized(labels, columns)]
    dressed(panel, title, says, COUNT, [_target(column) for column in columns])
    assert panel.field_config is not None  # noqa: S101 - set just now
    overrides = [_styled(column) for column in columns if not column.hidden]
    overrides += [override(heading, [("mappings", mapped(called))]) for heading, called in (words or {}).items()]
    panel.field_config.overrides = overrides
    return panel


def _organized(labels: Mapping[str, str], columns: Sequence[Column]) -> DataTransformerConfig:
    single = len(columns) == 1
    fields = ["Value" if single else f"Value #{ref_id(place)}" for place in range(len(columns))]
    shown = {field: column.heading for field, column in zip(fields, columns, strict=True) if not column.hidden}
    names = {**labels, **shown}
    hidden = [field for field, column in zip(fields, columns, strict=True) if column.hidden]
    options: dict[str, Any] = {
        "excludeByName": dict.fromkeys(["Time", *hidden], True),
        "indexByName": {name: index for index, name in enumerate(names)},
        "renameByName": names,
    }
    return DataTransformerConfig(id_val="organize", options=options)


def _styled(column: Column) -> DashboardFieldConfigSourceOverrides:
    properties: list[tuple[str, Any]] = [("unit", column.unit), ("decimals", 0 if column.unit == COUNT else 1)]
    if column.steps:
        properties += [
            ("thresholds", thresholds(column.steps)),
            ("color", {"mode": "thresholds"}),
            ("custom.cellOptions", {"type": "color-text"}),
        ]
    if column.words:
        properties += [("mappings", mapped(column.words)), ("custom.cellOptions", {"type": "color-text"})]
    if column.as_gauge:
        properties += [("min", 0), ("max", 1), ("custom.cellOptions", {"type": "gauge", "mode": "basic"})]
    return override(column.heading, properties)


def _target(column: Column) -> Dataquery:
    target = prometheus.Dataquery().expr(column.expression).instant().format(PromQueryFormat.TABLE)
    return target.datasource(SOURCE).legend_format("__auto").build()
