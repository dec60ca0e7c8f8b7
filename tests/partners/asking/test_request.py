"""The id of a request follows from who asks what, and a region is known however it is written."""

import pytest

from partners.asking.request import Request, county, event_id_of
from shared.contracts import SampleHandedOver
from shared.failure import CannotStartError
from tests.examples import REGION, form, report

HANDED_OVER = SampleHandedOver(
    sample_no="S-1", handed_at=form(report("1")).sampled_at, to="lab.L0142", seal_no="F-S-1", seal_intact=True
)
CONTENT = HANDED_OVER.model_dump_json()


def test_id_follows_from_key_request_and_attempt() -> None:
    """Another person, key, region, content or attempt has another id, and the same again has the same."""
    request = Request(HANDED_OVER, REGION)
    ids = [
        event_id_of("sampler-S01", "seed", request, CONTENT),
        event_id_of("sampler-S02", "seed", request, CONTENT),
        event_id_of("sampler-S01", "other seed", request, CONTENT),
        event_id_of("sampler-S01", "seed", Request(HANDED_OVER, "21.02.02"), CONTENT),
        event_id_of("sampler-S01", "seed", request, CONTENT.replace("S-1", "S-2")),
        event_id_of("sampler-S01", "seed", request, CONTENT, 1),
    ]
    assert len(ids) == len(set(ids))
    assert ids[0] == event_id_of("sampler-S01", "seed", request, CONTENT)


def test_region_in_figures_is_the_same() -> None:
    """A county's six figures stand for its region; what is none is refused with how to write it."""
    assert ("21.02.83", "21.02.83") == (county("210283"), county("21.02.83"))
    with pytest.raises(CannotStartError, match=r"庄河 is no region; write province\.city\.county"):
        county("庄河")
