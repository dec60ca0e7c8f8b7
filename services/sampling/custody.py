"""What a step of a sample's way is refused for, and what it warns of: seal, time and who has the sample."""

from datetime import datetime
from typing import Any

from services.sampling.form_check import CLOCKS_APART
from shared.contracts import CustodyRecorded, Reason, RefusalReason
from shared.refusal import Refusal
from shared.workdays import china_time

_CITATION = "食品安全抽样检验管理办法 (SAMR Order 15) Art 21"


def refusal(sample_no: str, sample: Any | None, at: datetime, received: datetime, field: str) -> Refusal | None:
    """Why a step said to be taken ``at`` cannot be kept.

    ``sample`` is its row of the store, none where there is no form; ``field`` is the time's name in the event.
    """
    if sample is None:
        text = (
            f"No form of sample {sample_no} is on the exchange; check the number, or ask the sampler to send the form."
        )
        return Refusal(RefusalReason.UNKNOWN_SAMPLE, "data.sample_no", text)
    if at > received + CLOCKS_APART:
        text = f"{china_time(at)} is yet to come; set the device's clock."
        return Refusal(RefusalReason.WRONG_DATES, f"data.{field}", text)
    if at < sample.sampled_at:
        text = f"{china_time(at)} is before the sample was taken at {china_time(sample.sampled_at)}; correct the time."
        return Refusal(RefusalReason.WRONG_DATES, f"data.{field}", text)
    if sample.state == "refused":
        text = f"Sample {sample_no} was refused by laboratory {sample.laboratory}; another sample has to be taken."
        return Refusal(RefusalReason.WRONG_STATE, "data.sample_no", text)
    if sample.state == "void":
        text = f"An objection to how sample {sample_no} was taken was sustained; nothing is done with it any more."
        return Refusal(RefusalReason.WRONG_STATE, "data.sample_no", text)
    return None


def of_another(sample: Any, laboratory: str) -> Refusal | None:
    """Why a laboratory may not take or refuse a sample that is meant for another, or none.

    ``sample`` is its row of the store: its laboratory is the one that has it, before that the one on the form.
    """
    if sample.laboratory in (None, laboratory):
        return None
    text = (
        f"Sample {sample.sample_no} is for laboratory {sample.laboratory}; check the number, or ask the sampler to "
        "correct the form."
    )
    return Refusal(RefusalReason.NOT_YOURS, "data.sample_no", text)


def seal_warnings(seal_no: str, on_form: str, *, intact: bool = True) -> tuple[Reason, ...]:
    """What someone should look at before the sample is tested."""
    found = []
    if seal_no != on_form:
        text = f"The seal is {seal_no} and the form says {on_form}."
        found.append(Reason(rule="seal_differs", text=text, citation=_CITATION, verified=False))
    if not intact:
        text = f"The seal {seal_no} is broken: the laboratory has to refuse the sample in writing."
        found.append(Reason(rule="seal_broken", text=text, citation=_CITATION, verified=False))
    return tuple(found)


def row_of(step: CustodyRecorded, event_key: str) -> dict[str, Any]:
    """A step as it is kept."""
    return {
        "event_key": event_key,
        "step": step.step,
        "told_by": step.by,
        "holder": step.to,
        "at": step.at,
        "seal_no": step.seal_no,
        "seal_intact": step.seal_intact,
        "temperature": "" if step.temperature is None else str(step.temperature),
        "text": step.text,
    }
