"""A dossier: complete and intact, or the report, the approval and the transfer are refused, and nothing is changed."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.enforcement.dossier import lacking
from services.enforcement.store.evidence import CaseEvidence
from shared.contracts import (
    CaseTransferred,
    EvidenceAdded,
    EvidenceItem,
    EvidenceKind,
    HeadApproved,
    PoliceRedirected,
    ReportSigned,
    ReportSubmitted,
    RequestAccepted,
    RequestRefused,
    TransferSent,
    digest_of,
)
from shared.contracts.case_step import CaseStep
from tests.services.enforcement.desk import Desk, desk_with_a_case, of_the_lot
from tests.services.enforcement.ways import HEAD, OFFICER, POLICE, SECOND, filled_in, lead
from tests.undoing import overturned

PENDING = {"opinion_pending": "The institute has the sample since Monday."}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk with one open, referred case."""
    async with desk_with_a_case(tmp_path) as desk:
        yield desk


async def refused(desk: Desk, teller: str, kind: type[CaseStep], **said: Any) -> RequestRefused:
    """A step that must be refused, and change nothing, the dossier included."""
    before = [*await desk.everything(), await desk.rows(CaseEvidence)]
    receipt = await desk.take(teller, kind, **filled_in(desk, kind, said))
    assert isinstance(receipt, RequestRefused)
    assert before == [*await desk.everything(), await desk.rows(CaseEvidence)]
    return receipt


def without(desk: Desk, *kinds: EvidenceKind) -> tuple[EvidenceItem, ...]:
    """The complete dossier without these."""
    return tuple(item for item in desk.dossier() if item.kind not in kinds)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (EvidenceKind.TRANSFER_LETTER, "移送书"),
        (EvidenceKind.INVESTIGATION_REPORT, "调查报告"),
        (EvidenceKind.GOODS_LIST, "涉案物品清单"),
        (EvidenceKind.TEST_REPORT, "检验报告"),
    ],
)
async def test_report_needs_every_part(desk: Desk, kind: EvidenceKind, words: str) -> None:
    """What is lacking is named in words, with the article."""
    receipt = await refused(desk, OFFICER, ReportSubmitted, items=without(desk, kind))
    assert "incomplete" == receipt.reason
    assert words in receipt.explanation
    assert "Art 6" in receipt.explanation


async def test_awaited_opinion_stands_for_the_test_report(desk: Desk) -> None:
    """With the reason why the opinion is awaited, the report goes without it, up to the approval."""
    items = without(desk, EvidenceKind.TEST_REPORT)
    assert isinstance(await desk.take(OFFICER, ReportSubmitted, offence="144", items=items, **PENDING), RequestAccepted)
    digest = (await desk.case()).dossier
    await desk.take(SECOND, ReportSigned, dossier=digest)
    assert isinstance(await desk.take(HEAD, HeadApproved, dossier=digest), RequestAccepted)


def test_expert_opinion_stands_for_the_test_report(tmp_path: Path) -> None:
    """Either proves; without both, both are named."""
    del tmp_path
    assert ["a test report (检验报告) or an expert opinion (鉴定意见)"] == lacking(
        _of_kinds(EvidenceKind.TRANSFER_LETTER, EvidenceKind.INVESTIGATION_REPORT, EvidenceKind.GOODS_LIST),
        opinion_pending=False,
    )
    assert [] == lacking(
        _of_kinds(
            EvidenceKind.TRANSFER_LETTER,
            EvidenceKind.INVESTIGATION_REPORT,
            EvidenceKind.GOODS_LIST,
            EvidenceKind.EXPERT_OPINION,
        ),
        opinion_pending=False,
    )


def _of_kinds(*kinds: EvidenceKind) -> list[EvidenceItem]:
    facts = {"sha256": "0" * 64, "size": 1, "media_type": "application/pdf", "made_on": "2026-03-04"}
    return [EvidenceItem.model_validate({"kind": kind, "reference": kind.value, **facts}) for kind in kinds]


async def test_item_that_is_not_in_the_folder_is_refused(desk: Desk) -> None:
    """It is named by kind and number."""
    item = desk.item(EvidenceKind.PHOTOGRAPH, "PH-1").model_copy(update={"sha256": "0" * 64})
    receipt = await refused(desk, OFFICER, EvidenceAdded, items=(item,))
    assert ("incomplete", "data.items") == (receipt.reason, receipt.where)
    assert "photograph PH-1: Evidence" in receipt.explanation


@pytest.mark.parametrize(
    ("state", "teller", "kind"), [("signed", HEAD, HeadApproved), ("approved", OFFICER, TransferSent)]
)
@pytest.mark.parametrize("harm", ["missing", "altered"])
async def test_file_that_was_harmed_stops_approval_and_transfer(
    desk: Desk, state: str, teller: str, kind: type[CaseStep], harm: str
) -> None:
    """Every file is read again: one that is gone, or holds something else, is named; put back, the step is taken."""
    await lead(desk, state)
    digest, item = desk.digest, desk.dossier()[0]
    place = desk.folder.place_of(item.sha256)
    good = place.read_bytes()
    place.unlink()
    if harm == "altered":
        place.write_bytes(b"x" * len(good))
    receipt = await refused(desk, teller, kind, dossier=digest)
    assert ("incomplete", True, True) == (receipt.reason, harm in receipt.explanation, "LETTER" not in item.reference)
    place.unlink(missing_ok=True)
    place.write_bytes(good)
    assert isinstance(await desk.take(teller, kind, dossier=digest), RequestAccepted)


async def test_signature_over_another_dossier_does_not_count(desk: Desk) -> None:
    """Who signed, or approved, another state of the dossier is told how it stands."""
    await lead(desk, "reported")
    receipt = await refused(desk, SECOND, ReportSigned, dossier="f" * 64)
    assert ("stale", "data.dossier", True) == (receipt.reason, receipt.where, desk.digest[:12] in receipt.explanation)


async def test_later_version_takes_the_place_and_the_earlier_stays(desk: Desk) -> None:
    """The same kind and number again: one counts, both are kept, with who added which when."""
    for text in ("first", "second"):
        item = desk.item(EvidenceKind.TEST_REPORT, "TEST-01", text)
        await desk.take(OFFICER, EvidenceAdded, items=(item,))
    first, second = await desk.rows(CaseEvidence)
    assert (2, 3, 3, None) == (first.version, first.replaced_in, second.version, second.replaced_in)
    assert (OFFICER, desk.now) == (second.added_by, second.added_at)


async def test_case_that_opens_again_has_an_empty_dossier(desk: Desk) -> None:
    """The overturned test report proves nothing any more; what was in the dossier stays in the record."""
    await lead(desk, "signed")
    await desk.hear("sampling", overturned(of_the_lot(1)))
    await desk.hear("sampling", of_the_lot(2))
    photograph = (desk.item(EvidenceKind.PHOTOGRAPH, "PH-1"),)
    assert "移送书" in (await refused(desk, OFFICER, ReportSubmitted, items=photograph)).explanation
    assert 4 == len(await desk.rows(CaseEvidence))


async def test_passing_on_tells_the_dossier_that_was_signed(desk: Desk) -> None:
    """Evidence that came after the transfer is told apart: the items are those of the digest."""
    await lead(desk, "received")
    await desk.take(OFFICER, EvidenceAdded, items=(desk.item(EvidenceKind.PHOTOGRAPH, "PH-1"),))
    await desk.take(POLICE, PoliceRedirected, to="21.02.02", why="The producer is there.")
    told = desk.told_of(CaseTransferred)[-1]
    assert told.dossier == digest_of(told.items)
