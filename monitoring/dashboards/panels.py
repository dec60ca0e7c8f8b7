"""The kinds of panel that the dashboards are made of, each with a title, words on what it shows, and a unit.

What shows one value asks for the moment that the dashboard ends with (instant); only lines and states ask for a range.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from grafana_foundation_sdk.builders import bargauge, common, prometheus, stat, statetimeline, text, timeseries
from grafana_foundation_sdk.models.common import (
    BarGaugeDisplayMode,
    BarGaugeNamePlacement,
    BigValueColorMode,
    BigValueGraphMode,
    BigValueTextMode,
    LegendDisplayMode,
    LegendPlacement,
    SortOrder,
    StackingMode,
    TooltipDisplayMode,
    VisibilityMode,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import (
    DashboardFieldConfigSourceOverrides,
    DataSourceRef,
    DynamicConfigValue,
    FieldColor,
    FieldColorModeId,
    FieldConfig,
    FieldConfigSource,
    MatcherConfig,
    Panel,
    Threshold,
    ThresholdsConfig,
    ThresholdsMode,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)
from grafana_foundation_sdk.models.prometheus import Dataquery, PromQueryFormat
from grafana_foundation_sdk.models.text import TextMode

SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
COUNT = "locale"
"""Whole numbers."""
NUMBER = "short"
PER_MINUTE = "suffix: /min"
SECONDS = "s"
FINE, WARN, BAD = "green", "orange", "red"
PLAIN = "blue"
"""What is neither good nor bad."""

LOWEST = -math.inf
Steps = Sequence[tuple[float, str]]
"""From which value on a value has which colour; what is below the first is fine."""
Words = dict[str, tuple[str, str]]
"""What a value is called, and its colour."""


@dataclass(frozen=True, slots=True)
class Query:
    """One expression, what its series are called, their colour where it has a meaning, a unit if not the panel's."""

    expression: str
    legend: str = ""
    color: str = ""
    unit: str = ""


def stat_panel(  # noqa: PLR0913 - what a panel shows is said where it is made
    title: str,
    says: str,
    *queries: Query,
    unit: str = COUNT,
    steps: Steps = (),
    words: Words | None = None,
    upright: bool = False,
    empty: str = "none",
) -> Panel:
    """Numbers, large; ``upright`` puts several below each other."""
    built = (
        stat.Panel()
        .graph_mode(BigValueGraphMode.NONE)
        .color_mode(BigValueColorMode.BACKGROUND_SOLID if steps or words else BigValueColorMode.VALUE)
        .text_mode(BigValueTextMode.VALUE_AND_NAME if len(queries) > 1 else BigValueTextMode.VALUE)
        .orientation(VizOrientation.HORIZONTAL if upright else VizOrientation.VERTICAL)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .no_value(empty)
        .build()
    )
    return dressed(built, title, says, unit, [_target(query) for query in queries], queries, steps, words)


def bars(title: str, says: str, *queries: Query, unit: str = COUNT, steps: Steps = ()) -> Panel:
    """One bar for each series, with its name."""
    built = (
        bargauge.Panel()
        .display_mode(BarGaugeDisplayMode.BASIC)
        .orientation(VizOrientation.HORIZONTAL)
        .name_placement(BarGaugeNamePlacement.LEFT)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .min(0)
        .no_value("none")
        .build()
    )
    return dressed(built, title, says, unit, [_target(query) for query in queries], queries, steps)


def lines(title: str, says: str, *queries: Query, unit: str = NUMBER, stacked: bool = False) -> Panel:
    """Series over time."""
    builder = (
        timeseries.Panel()
        .fill_opacity(30 if stacked else 8)
        .show_points(VisibilityMode.NEVER)
        .min(0)
        .legend(
            common.VizLegendOptions()
            .display_mode(LegendDisplayMode.LIST)
            .placement(LegendPlacement.BOTTOM)
            .show_legend(True)
            .calcs([])
        )
        .tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI).sort(SortOrder.DESCENDING))
    )
    if stacked:
        builder = builder.stacking(common.StackingConfig().mode(StackingMode.NORMAL).group("A"))
    targets = [_target(query, over_time=True) for query in queries]
    return dressed(builder.build(), title, says, unit, targets, queries)


def states(title: str, says: str, *queries: Query, words: Words) -> Panel:
    """How each series stood over time, as coloured stretches."""
    built = (
        statetimeline.Panel()
        .merge_values(True)
        .show_value(VisibilityMode.NEVER)
        .row_height(0.8)
        .fill_opacity(80)
        .line_width(0)
        .legend(common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM))
        .build()
    )
    targets = [_target(query, over_time=True) for query in queries]
    return dressed(built, title, says, COUNT, targets, queries, (), words)


def arrow() -> Panel:
    """An arrow between two panels of a flow."""
    mark = '<div style="height:100%;display:flex;align-items:center;justify-content:center;font-size:2em">→</div>'
    return text.Panel().mode(TextMode.HTML).content(mark).transparent(True).build()


def dressed(  # noqa: PLR0913, PLR0917 - what every panel has
    panel: Panel,
    title: str,
    says: str,
    unit: str,
    targets: Sequence[Dataquery],
    queries: Sequence[Query] = (),
    steps: Steps = (),
    words: Words | None = None,
) -> Panel:
    """Give a panel what every panel has."""
    panel.title, panel.description, panel.datasource = title, says, SOURCE
    for place, target in enumerate(targets):
        target.ref_id = ref_id(place)
    panel.targets = list(targets)
    config = panel.field_config = panel.field_config or FieldConfigSource()
    config.defaults = defaults = config.defaults or FieldConfig()
    defaults.unit, defaults.decimals = unit, 0 if unit == COUNT else None
    defaults.color = color_of(queries, coloured=bool(steps or words))
    defaults.thresholds = thresholds(steps or ((LOWEST, PLAIN),))
    defaults.mappings = mapped(words) if words else []
    config.overrides = [*config.overrides, *(_own(query) for query in queries if query.color or query.unit)]
    return panel


def ref_id(place: int) -> str:
    """The name of a panel's query by its place: A, B, C."""
    return chr(ord("A") + place)


def thresholds(steps: Steps) -> ThresholdsConfig:
    """Colours by value."""
    below = () if steps[0][0] == LOWEST else ((LOWEST, FINE),)
    colors = [Threshold(None if value == LOWEST else value, color) for value, color in (*below, *steps)]
    return ThresholdsConfig(mode=ThresholdsMode.ABSOLUTE, steps=colors)


def mapped(words: Words) -> list[ValueMapping]:
    """Words for values."""
    results = {
        value: ValueMappingResult(text=word, color=color or None, index=index)
        for index, (value, (word, color)) in enumerate(words.items())
    }
    return [ValueMap(options=results)]


def color_of(queries: Sequence[Query], *, coloured: bool) -> FieldColor:
    """By thresholds where values have a meaning, else one colour for each series."""
    plain = len(queries) == 1 and not queries[0].legend
    mode = FieldColorModeId.THRESHOLDS if coloured or plain else FieldColorModeId.PALETTE_CLASSIC_BY_NAME
    return FieldColor(mode=mode)


def _target(query: Query, *, over_time: bool = False) -> Dataquery:
    target = prometheus.Dataquery().expr(query.expression).legend_format(query.legend or "__auto")
    target = target.datasource(SOURCE).format(PromQueryFormat.TIME_SERIES)
    return (target.range() if over_time else target.instant()).build()


def _own(query: Query) -> DashboardFieldConfigSourceOverrides:
    properties: list[tuple[str, object]] = []
    if query.color:
        properties.append(("color", {"mode": "fixed", "fixedColor": query.color}))
    if query.unit:
        properties += [("unit", query.unit), ("decimals", 1)]
    return override(query.legend, properties)


def override(name: str, properties: Sequence[tuple[str, object]]) -> DashboardFieldConfigSourceOverrides:
    """What differs for the series or column of this name."""
    return DashboardFieldConfigSourceOverrides(
        matcher=MatcherConfig(id_val="byName", options=name),
        properties=[DynamicConfigValue(id_val=property_, value=value) for property_, value in properties],
    )
