"""An officer closed a proficiency round: score everybody, and flag the laboratories that someone has to look at."""

from collections.abc import Sequence

from services.sampling import proficiency
from services.sampling.judging.substances import spelling, substance
from services.sampling.store import laboratories
from services.sampling.store.base import digest_of
from shared import receipts
from shared.contracts import LaboratoryFlagged, ProficiencyEvaluated, ProficiencyRoundClosed, Reason, RefusalReason
from shared.heard import Heard, Work


async def answer(closed: Sequence[Heard[ProficiencyRoundClosed]], work: Work) -> None:
    """Evaluate each round once."""
    for heard in closed:
        number, content = heard.event.round_no, digest_of(heard.event)
        known = await laboratories.round_of(work.connection, number)
        if known is not None:
            _say_again(heard, work, same=known.content == content)
            continue
        try:
            evaluated = proficiency.evaluated(heard.event)
        except proficiency.DegenerateError as degenerate:
            receipts.decline(heard, work, RefusalReason.WRONG_AMOUNTS, "data.results", str(degenerate))
            continue
        work.tell(heard, evaluated)
        await _keep(heard, evaluated, content, work)
        flagged = await _flag(heard, evaluated, work)
        text = f"Round {number} is evaluated: {len(evaluated.scores)} laboratories, {flagged} flagged."
        receipts.accept(heard, work, text, warnings=_warnings(evaluated))


def _say_again(heard: Heard[ProficiencyRoundClosed], work: Work, *, same: bool) -> None:
    number = heard.event.round_no
    if same:
        text = f"Round {number} was evaluated before with the same results; nothing needs to be done."
        receipts.decline(heard, work, RefusalReason.ALREADY_DONE, "data.round_no", text)
    else:
        text = f"Round {number} was evaluated before with other content; give a further round a number of its own."
        receipts.decline(heard, work, RefusalReason.CHANGED, "data.round_no", text)


async def _keep(
    heard: Heard[ProficiencyRoundClosed], evaluated: ProficiencyEvaluated, content: str, work: Work
) -> None:
    common = {
        "round_no": evaluated.round_no,
        "substance": _reviewed(evaluated.substance),
        "closed_on": evaluated.closed_on,
    }
    scores = [
        common | {"laboratory": score.laboratory, "z": str(score.z), "rating": score.rating, "flagged": False}
        for score in evaluated.scores
    ]
    await laboratories.keep_round(work.connection, common | {"event_key": heard.key, "content": content}, scores)


async def _flag(heard: Heard[ProficiencyRoundClosed], evaluated: ProficiencyEvaluated, work: Work) -> int:
    """Tell what this round adds to the flags; it may be reported after later ones."""
    name = _reviewed(evaluated.substance)
    bad = {score.laboratory for score in evaluated.scores if score.rating != "satisfactory"}
    history = await laboratories.scores_on(work.connection, name, bad)
    standing = {(score.laboratory, score.round_no) for score in history if score.flagged}
    new = [flag for flag in proficiency.flags(history) if (flag.laboratory, flag.round_no) not in standing]
    for flag in new:
        event = LaboratoryFlagged(
            laboratory=flag.laboratory, round_no=flag.round_no, substance=evaluated.substance, reasons=(flag.reason,)
        )
        work.tell(heard, event)
        await laboratories.flag(work.connection, flag.round_no, flag.laboratory)
    return len(new)


def _reviewed(name: str) -> str:
    return spelling(substance(name).name)


def _warnings(evaluated: ProficiencyEvaluated) -> tuple[Reason, ...]:
    if not evaluated.robust or len(evaluated.scores) >= proficiency.FEW:
        return ()
    number = len(evaluated.scores)
    text = f"The reference was computed from {number} results; with fewer than {proficiency.FEW} the scores are rough."
    return (Reason(rule="few_results", text=text, citation=evaluated.citation, verified=False),)
