"""What a dossier (案卷) has to hold before the head of the agency may approve a transfer (国务院令第310号 Art 6)."""

from collections.abc import Iterable

from shared.contracts import EvidenceItem, EvidenceKind, RefusalReason
from shared.refusal import Refusal

CITATION = "国务院令第310号 (2020) Art 6"
_ALWAYS = {
    EvidenceKind.TRANSFER_LETTER: "the transfer letter (移送书)",
    EvidenceKind.INVESTIGATION_REPORT: "the investigation report (调查报告)",
    EvidenceKind.GOODS_LIST: "the list of goods (涉案物品清单)",
}
_PROOF = frozenset((EvidenceKind.TEST_REPORT, EvidenceKind.EXPERT_OPINION))


def lacking(items: Iterable[EvidenceItem], *, opinion_pending: bool) -> list[str]:
    """What the dossier lacks, in words; nothing where it is complete.

    A test report or an expert opinion may be lacking where the report says why the opinion is still awaited.
    """
    kinds = {item.kind for item in items}
    lacks = [words for kind, words in _ALWAYS.items() if kind not in kinds]
    if not opinion_pending and _PROOF.isdisjoint(kinds):
        lacks.append("a test report (检验报告) or an expert opinion (鉴定意见)")
    return lacks


def incomplete(items: Iterable[EvidenceItem], *, opinion_pending: bool) -> Refusal | None:
    """Why a dossier is not complete, and what to add; or none."""
    lacks = lacking(items, opinion_pending=opinion_pending)
    if not lacks:
        return None
    text = f"The dossier lacks {', '.join(lacks)} ({CITATION}); add what is missing, and submit the report again."
    return Refusal(RefusalReason.INCOMPLETE, "data.items", text)
