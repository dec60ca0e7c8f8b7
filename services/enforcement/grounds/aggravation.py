"""Facts that weigh in a case (情节): amount, time, eaters, place, harm, repetition, and hints of knowledge.

They are told beside a referral, and nothing is concluded from them. They come from what officers stated and from what
the system knows of the case's samples. High toxicity or content (Art 7(6)) and a large quantity (Art 3) have no
number: they are for a person.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.enforcement.grounds import weights
from services.enforcement.grounds.assessment import Assessment
from services.enforcement.grounds.special_foods import SPECIAL, eaters
from services.enforcement.grounds.weights import Fact, Test, Weight
from shared.contracts import Reason


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """An earlier case of the same producer, with the day on which it was opened."""

    case_no: str
    day: date


@dataclass(frozen=True, slots=True)
class SampledAgain:
    """A further sample of the same lot, with its day and the day on which the first failure was told."""

    sample_no: str
    sampled_on: date
    told_on: date


@dataclass(frozen=True, slots=True)
class Known:
    """What the system knows of a case without an officer."""

    samples: Sequence[Sequence[Assessment]] = ()
    """The kept assessments of each standing sample."""
    earlier: Sequence[EarlierCase] = ()
    again: Sequence[SampledAgain] = ()

    @property
    def day(self) -> date | None:
        """Whose law counts; none without a sample."""
        return max((one.day for sample in self.samples for one in sample), default=None)


def aggravating(stated: Mapping[str, str], known: Known) -> tuple[Reason, ...]:
    """The facts that weigh in a case, each with its article; none for a case without a standing sample."""
    day = known.day
    if day is None:
        return ()
    facts = [*(Fact(name, value) for name, value in stated.items()), *_of_samples(known), *_of_others(known)]
    table = [weight for weight in weights.load() if weight.in_force(day)]
    weighing = [
        (weight, fitting) for weight in table if (fitting := [fact for fact in facts if weight.fits(fact, day)])
    ]
    companions = [weight for weight, _ in weighing if weight.is_companion]
    return tuple(
        _reason(weight, fitting, companions)
        for weight, fitting in weighing
        if companions or weight.test is not Test.AT_LEAST_WITH_ANOTHER
    )


def _of_samples(known: Known) -> Iterator[Fact]:
    """Where a sample was taken and whom it is made for: rule R8 looks at the product itself and keeps both."""
    for product in (one.facts for sample in known.samples for one in sample if one.rule == "R8"):
        sample = f"sample {product['sample']}"
        yield Fact("place_kind", product["place kind"], sample)
        made_for = eaters(product["category"], product["subcategory"])
        if made_for in SPECIAL:
            yield Fact("for_infants_or_patients", made_for.value, sample)


def _of_others(known: Known) -> Iterator[Fact]:
    """Other cases of the producer, and other samples of the lot."""
    for case in known.earlier:
        yield Fact("earlier_case", f"case {case.case_no} of {case.day}", day=case.day)
    for again in known.again:
        if again.sampled_on > again.told_on:
            yield Fact("sampled_again", f"sample {again.sample_no} on {again.sampled_on}, told on {again.told_on}")


def _reason(weight: Weight, fitting: Sequence[Fact], companions: Sequence[Weight]) -> Reason:
    found = "; ".join(dict.fromkeys(fact.said for fact in fitting))
    facts = {weight.fact: found, "offence": f"刑法 Art {', '.join(weight.offence.split())}"}
    if weight.value:
        facts["compared with"] = weight.value
    others = ", ".join(companion.fact.replace("_", " ") for companion in companions)
    if weight.test is Test.AT_LEAST_WITH_ANOTHER:
        facts["beside"] = others
    if weight.note:
        facts["note"] = weight.note
    text = weight.text.format(found=found, value=weight.value, others=others)
    return Reason(rule=weight.rule, text=text, citation=weight.citation, verified=weight.verified, facts=facts)
