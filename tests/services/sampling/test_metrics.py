"""What the sampling service counts: outcomes by category and county, and by laboratory."""

from services.sampling.metrics import SamplingMetrics
from tests.examples import failed_sample


def test_outcomes_count_by_category_region_and_laboratory() -> None:
    """A judged report counts once under its outcome, and once for its laboratory; made-up categories are one."""
    metrics = SamplingMetrics()
    metrics.count_told([(failed_sample("1", category="食用农产品"), "21.02.83")])
    metrics.count_told([(failed_sample("2", category="made up"), "21.02.83")])
    metrics.count_told([(failed_sample("3", category="made up, too"), "21.02.83")])
    fail = {"outcome": "fail", "region": "21.02.83"}
    value = metrics.registry.get_sample_value
    assert 1 == value("shian_results_total", fail | {"category": "食用农产品"})
    assert 2 == value("shian_results_total", fail | {"category": "other"})
    assert 3 == value("shian_laboratory_results_total", {"laboratory": failed_sample("1").laboratory})
