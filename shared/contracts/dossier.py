"""The dossier (案卷) of a case: its items by kind and hash. The files themselves never travel in events."""

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.event import Day, Part, Reference

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 in hexadecimal."""


class EvidenceKind(StrEnum):
    """What an item of a dossier is: the five parts of 国务院令第310号 Art 6, the fifth as practice names it."""

    TRANSFER_LETTER = "transfer_letter"
    """涉嫌犯罪案件移送书."""
    INVESTIGATION_REPORT = "investigation_report"
    """调查报告."""
    GOODS_LIST = "goods_list"
    """涉案物品清单."""
    TEST_REPORT = "test_report"
    """检验报告."""
    EXPERT_OPINION = "expert_opinion"
    """鉴定或认定意见."""
    ACCREDITATION = "accreditation"
    """检验机构资质."""
    INTERVIEW_RECORD = "interview_record"
    """询问笔录."""
    PHOTOGRAPH = "photograph"
    """照片."""
    RECORDING = "recording"
    """视听资料."""
    ELECTRONIC_DATA = "electronic_data"
    """电子数据."""
    SEIZURE_PAPERS = "seizure_papers"
    """查封、扣押文书."""
    ORDER_TO_CORRECT = "order_to_correct"
    """责令改正文书."""
    PENALTY_DECISION = "penalty_decision"
    """行政处罚决定书."""
    OTHER = "other"
    """其他有关材料."""


class EvidenceItem(Part):
    """One file of a dossier, as it stands in the evidence folder."""

    kind: EvidenceKind
    reference: Reference
    """Its number in the case file, such as INT-03; never a name."""
    sha256: Digest
    size: Annotated[int, Field(ge=1)]
    """Bytes."""
    media_type: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+-]{1,80}$")]
    """Such as application/pdf."""
    made_on: Day
    """The day on which it was made or taken."""


def digest_of(items: Iterable[EvidenceItem]) -> str:
    """What a person signs: one digest over the kind, the number and the hash of every item, in any order."""
    lines = sorted(f"{item.kind.value} {item.reference} {item.sha256}\n" for item in items)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
