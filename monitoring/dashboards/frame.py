"""What all dashboards have in common: the choices at the top, the links to each other, and where the panels stand.

A dashboard is written as rows of ``(width, panel)``, 24 columns wide; identities follow from the order, so that what is
built anew differs only where the source does.
"""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass

from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.models.dashboard import (
    Dashboard,
    DashboardCursorSync,
    DashboardLinkType,
    GridPos,
    Panel,
    RowPanel,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

from monitoring.dashboards.panels import SOURCE

TAG = "shian"
COLUMNS = 24
REGION_QUERY = 'label_values({__name__=~"shian_results_total|shian_cases|shian_plan_target_wanted"}, region)'
PLAN_QUERY = 'label_values(shian_plan_target_wanted{region=~"$region"}, plan)'


def leading_to(panel: Panel, uid: str, title: str) -> Panel:
    """Lead from a panel to the dashboard that says more, with the same period and choices."""
    link = builders.DashboardLink(title).type(DashboardLinkType.LINK)
    panel.links = [link.url(f"/d/{uid}?${{__all_variables}}&${{__url_time_range}}").build()]
    return panel


@dataclass(frozen=True, slots=True)
class Placed:
    """A panel and its place on the grid."""

    x: int
    y: int
    w: int
    h: int
    panel: Panel | RowPanel


def rows(*given: tuple[int, Sequence[tuple[int, Panel]]] | str, start: int = 0) -> list[Placed]:
    """Rows from the top to the bottom: a heading, or the height of the row and the width of each of its panels."""
    placed, y = [], start
    for row in given:
        if isinstance(row, str):
            placed.append(Placed(0, y, COLUMNS, 1, builders.Row(row).build()))
            y += 1
            continue
        height, panels = row
        x = 0
        for width, panel in panels:
            placed.append(Placed(x, y, width, height, panel))
            x += width
        y += height
    return placed


def framed(  # noqa: PLR0913 - what the dashboards differ in
    uid: str,
    title: str,
    says: str,
    panels: Iterable[Placed],
    *,
    period: str,
    refresh: str = "30s",
    by_region: bool = True,
    by_plan: bool = False,
) -> Dashboard:
    """A dashboard of these panels, with the choices that its queries use."""
    builder = (
        builders.Dashboard(title)
        .uid(uid)
        .description(says)
        .tags([TAG])
        .timezone("browser")
        .time(f"now-{period}", "now")
        .refresh(refresh)
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .editable()
        .version(1)
        .link(
            builders.DashboardLink("Shian")
            .type(DashboardLinkType.DASHBOARDS)
            .tags([TAG])
            .keep_time(True)
            .include_vars(True)
        )
        .with_variable(_data_source())
    )
    if by_region:
        builder = builder.with_variable(_choice("region", "County", REGION_QUERY))
    if by_plan:
        builder = builder.with_variable(_choice("plan", "Plan", PLAN_QUERY))
    built = builder.build()
    built.panels = [_standing(placed, number) for number, placed in enumerate(panels, 1)]
    return built


def _standing(placed: Placed, number: int) -> Panel | RowPanel:
    panel = deepcopy(placed.panel)
    panel.id_val = number
    panel.grid_pos = GridPos(x=placed.x, y=placed.y, w=placed.w, h=placed.h)
    return panel


def _data_source() -> builders.DatasourceVariable:
    prometheus = VariableOption(selected=True, text="Prometheus", value="prometheus")
    return builders.DatasourceVariable("datasource").label("Data source").type("prometheus").current(prometheus)


def _choice(name: str, label: str, query: str) -> builders.QueryVariable:
    everything = VariableOption(selected=True, text=["All"], value=["$__all"])
    return (
        builders.QueryVariable(name)
        .label(label)
        .datasource(SOURCE)
        .query({"query": query, "refId": f"{name}-values"})
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".*")
        .current(everything)
    )
