"""Who may sign after whom, and over what: three people, one dossier (国务院令第310号 Art 5)."""

from shared.contracts import RefusalReason
from shared.refusal import Refusal

_SHORT = 12


def same_person(by: str, *before: str) -> Refusal | None:
    """Why somebody may not sign after these, or none; one id is one person, whatever the role."""
    mine = by.partition(".")[2]
    for other in before:
        if mine == other.partition(".")[2]:
            text = (
                f"{by} signed this before as {other}; two officers report and a third person, the head of the agency, "
                "decides (国务院令第310号 (2020) Art 5): somebody else has to sign."
            )
            return Refusal(RefusalReason.SAME_PERSON, "data.case_no", text)
    return None


def another_dossier(signed: str, stands: str) -> Refusal | None:
    """Why a signature over this digest does not count, or none."""
    if signed == stands:
        return None
    text = (
        f"The dossier stands at {stands[:_SHORT]}, and this is about {signed[:_SHORT]}; look at the dossier as it "
        "stands, and sign that."
    )
    return Refusal(RefusalReason.STALE, "data.dossier", text)
