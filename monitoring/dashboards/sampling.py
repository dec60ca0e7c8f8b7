"""Sampling: how far the plans are, township by township, what the results were, and which laboratories work."""

from grafana_foundation_sdk.models.dashboard import Dashboard, Panel

from monitoring.dashboards.frame import framed, rows
from monitoring.dashboards.panels import BAD, FINE, PER_MINUTE, SECONDS, WARN, Query, bars, lines, stat_panel
from monitoring.dashboards.path import RESULTS, verdicts_over_time
from monitoring.dashboards.queries import IN_REGION, counted, each, kept, per_minute, total
from monitoring.dashboards.tables import Column, table_panel

IN_PLAN = f'{IN_REGION}, plan=~"$plan"'
SAMPLES, WANTED = "shian_plan_samples", "shian_plan_samples_wanted"
SHARE = "percentunit"
WAITS_LONG = 3 * 86_400
"""Seconds from which a wait is shown as long."""


def dashboard() -> Dashboard:
    """Build it."""
    panels = rows(
        "The plans in force",
        (3, [(3, panel) for panel in _standing()]),
        (10, [(10, _targets()), (14, _townships())]),
        "Results",
        (9, [(12, _categories()), (12, _outcomes())]),
        "Laboratories",
        (8, [(8, _laboratories()), (16, _laboratories_over_time())]),
    )
    says = (
        "How far the sampling plans are by target and township, results by food category, and the laboratories' work."
    )
    return framed("shian-sampling", "Shian: sampling", says, panels, period="7d", by_plan=True)


def _stage(stage: str) -> str:
    return f'{IN_PLAN}, stage="{stage}"'


def _standing() -> list[Panel]:
    failed, tested = total(SAMPLES, _stage("failed")), total(SAMPLES, _stage("tested"))
    source = "in the chosen plans and counties, from sampling's database (shian_plan_samples)."
    waiting = "from sampling's database, all counties (shian_results_waiting)."
    return [
        stat_panel("Samples collected", f"Samples collected {source}", Query(total(SAMPLES, _stage("collected")))),
        stat_panel("Samples tested", f"Samples that have a verdict {source}", Query(tested)),
        stat_panel("Samples failed", f"Samples that failed and were not overturned {source}", Query(failed)),
        stat_panel(
            "Share that failed", f"Failed of tested samples {source}", Query(f"{failed} / ({tested} > 0)"), unit=SHARE
        ),
        stat_panel(
            "Reports that wait for a form",
            f"Reports whose sample has no sampling form on the exchange yet, {waiting}",
            Query(total("shian_results_waiting", 'waits_for="form"')),
            steps=((1, WARN),),
        ),
        _oldest("form", "Longest wait for a form"),
        stat_panel(
            "Reports that wait for a person",
            f"Reports that no rule decides and an officer settles, {waiting}",
            Query(total("shian_results_waiting", 'waits_for="person"')),
            steps=((1, WARN),),
        ),
        _oldest("person", "Longest wait for a person"),
    ]


def _oldest(waits_for: str, title: str) -> Panel:
    return stat_panel(
        title,
        "How long the oldest of them waits, from sampling's database, all counties "
        "(shian_results_waiting_oldest_seconds).",
        Query(total("shian_results_waiting_oldest_seconds", f'waits_for="{waits_for}"')),
        unit=SECONDS,
        steps=((WAITS_LONG, WARN),),
    )


def _targets() -> Panel:
    reached, wanted = kept("shian_plan_target_reached", IN_PLAN), kept("shian_plan_target_wanted", IN_PLAN)
    return table_panel(
        "Targets of the plans",
        "What each target of a plan in force asks for and how far it is reached, from sampling's database "
        "(shian_plan_target_reached, shian_plan_target_wanted). The target `lines` counts the plan's own lines.",
        {"region": "county", "plan": "plan", "target": "target"},
        Column("reached", reached),
        Column("wanted", wanted),
        Column("share", f"{reached} / ({wanted} > 0)", unit=SHARE, as_gauge=True),
        empty="no plan is in force",
    )


def _townships() -> Panel:
    every = f"max by (region, plan, township, name) ({each(SAMPLES, _stage('collected'))})"

    def stage(name: str) -> str:
        return f"max by (region, plan, township, name) ({each(SAMPLES, _stage(name))})"

    wanted = f"{kept(WANTED, IN_PLAN)} * on (region, plan, township) group_right {every} ^ 0"
    return table_panel(
        "Townships",
        "Samples of the plans in force by township, and how many the plan's lines want there, where they name a "
        "township; from sampling's database (shian_plan_samples, shian_plan_samples_wanted).",
        {"region": "county", "plan": "plan", "township": "township", "name": "name"},
        Column("wanted", wanted),
        Column("collected", stage("collected")),
        Column("tested", stage("tested")),
        Column("failed", stage("failed"), steps=((1, BAD),)),
        Column("failed of tested", f"{stage('failed')} / ({stage('tested')} > 0)", unit=SHARE),
        sort_by="collected",
        empty="no plan is in force",
    )


def _categories() -> Panel:
    def of(outcome: str) -> str:
        return counted(RESULTS, f'{IN_REGION}, outcome="{outcome}"', "category")

    return table_panel(
        "Results by food category",
        "Reports judged in the period chosen above in the chosen counties, by the top of the national tree of food "
        "categories (shian_results_total); `other` where the tree does not know the category.",
        {"category": "category"},
        Column("judged", counted(RESULTS, IN_REGION, "category")),
        Column("passed", of("pass"), steps=((0, FINE),)),
        Column("failed", of("fail"), steps=((1, BAD),)),
        Column("unclear", of("unclear"), steps=((1, WARN),)),
        sort_by="failed",
        empty="nothing was judged",
    )


def _outcomes() -> Panel:
    return verdicts_over_time(
        "Results per minute", "Reports judged by outcome in the chosen counties (shian_results_total)."
    )


def _laboratories() -> Panel:
    return bars(
        "Reports judged by laboratory",
        "In the period chosen above, all counties (shian_laboratory_results_total). A laboratory that is missing here "
        "has sent nothing that could be judged.",
        Query(counted("shian_laboratory_results_total", by="laboratory"), "{{laboratory}}"),
    )


def _laboratories_over_time() -> Panel:
    return lines(
        "Reports judged per minute by laboratory",
        "All counties (shian_laboratory_results_total).",
        Query(per_minute("shian_laboratory_results_total", by="laboratory"), "{{laboratory}}"),
        unit=PER_MINUTE,
        stacked=True,
    )
