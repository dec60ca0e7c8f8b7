"""Made catalogue rows and determinations for the tests; none of them is a real limit."""

from datetime import date
from typing import Any

from services.sampling.judging.basis import Basis
from services.sampling.judging.judgement import judge_determinations
from services.sampling.judging.kinds_of_limit import Bounds, Limit
from services.sampling.judging.limit_notation import read_limit
from services.sampling.judging.limits import Catalogue, Row
from services.sampling.judging.measured import Sample
from services.sampling.judging.notation import Unreadable
from shared.contracts.result import Determination
from shared.contracts.sample import Finding

NO_LIMITS = Catalogue(())


def limit(text: str) -> Limit:
    """A limit from its printed text, which must be readable."""
    read = read_limit(text)
    assert not isinstance(read, Unreadable)
    return read


def row(
    number: str,
    printed: str,
    *,
    substance: str = "镉",
    terms: str = "虾蛄",
    exceptions: str = "",
    begin: date | None = None,
    end: date | None = None,
    evidence: str = "verified-made",
    per: Basis = Basis.AS_IS,
) -> Row:
    """A made row: cadmium in mantis shrimp unless it says otherwise."""
    found = limit(printed)
    assert not isinstance(found, Bounds) or found.unit
    return Row(
        row_id=number,
        substance=substance,
        food=terms,
        terms=frozenset(terms.split("|")),
        exceptions=frozenset(exceptions.split("|")) - {""},
        limit=found,
        basis="",
        standard=f"made standard {number}",
        effective_from=begin,
        effective_to=end,
        evidence=evidence,
        per=per,
    )


def two_editions() -> Catalogue:
    """Cadmium in mantis shrimp: at most 0.5 mg/kg until 2023-06-29, then at most 3.0 mg/kg (made dates of begin)."""
    return Catalogue(
        (
            row("old", "≤0.5mg/kg", begin=date(2017, 9, 17), end=date(2023, 6, 29)),
            row("new", "≤3.0mg/kg", begin=date(2023, 6, 30), evidence="unverified-made"),
        )
    )


def finding(
    analyte: str,
    result: str,
    printed: str,
    *,
    lod: str = "",
    product: str = "皮皮虾",
    category: str = "食用农产品",
    subcategory: str = "",
    made_on: date | None = None,
    concluded_on: date | None = None,
    catalogue: Catalogue = NO_LIMITS,
    **more: Any,
) -> Finding:
    """The finding of one made determination."""
    determination = Determination(analyte=analyte, result=result, limit=printed, lod=lod, **more)
    sample = Sample(product, category, subcategory, made_on, concluded_on)
    return judge_determinations((determination,), sample, catalogue)[0]


def findings(
    *determinations: Determination,
    product: str = "草鱼",
    category: str = "食用农产品",
    made_on: date | None = None,
    catalogue: Catalogue = NO_LIMITS,
) -> tuple[Finding, ...]:
    """The findings of several made determinations on one sample."""
    return judge_determinations(determinations, Sample(product, category, "", made_on), catalogue)
