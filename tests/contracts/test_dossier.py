"""What is signed of a dossier: one digest over the kind, the number and the hash of every item, in any order."""

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.contracts import EvidenceItem, EvidenceKind, digest_of


def item(**changes: object) -> EvidenceItem:
    """An item of a dossier."""
    facts = {
        "kind": EvidenceKind.PHOTOGRAPH,
        "reference": "PH-1",
        "sha256": "a" * 64,
        "size": 10,
        "media_type": "image/jpeg",
        "made_on": "2026-03-04",
    }
    return EvidenceItem.model_validate(facts | changes)


ITEMS = st.builds(
    item,
    kind=st.sampled_from(EvidenceKind),
    reference=st.from_regex(r"[A-Z]{1,8}-[0-9]{1,4}", fullmatch=True),
    sha256=st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
)
DOSSIERS = st.lists(ITEMS, max_size=12, unique_by=lambda one: (one.kind, one.reference, one.sha256))


def test_digest_is_of_what_is_written_down() -> None:
    """Anybody can work it out: a line for each item, in the order of their characters, through SHA-256."""
    lines = f"order_to_correct ORDER-1 {'b' * 64}\nphotograph PH-1 {'a' * 64}\n"
    signed = digest_of([item(), item(kind="order_to_correct", reference="ORDER-1", sha256="b" * 64)])
    assert hashlib.sha256(lines.encode()).hexdigest() == signed


@given(DOSSIERS, st.randoms(use_true_random=False))
def test_order_says_nothing(items: list[EvidenceItem], chance: random.Random) -> None:
    """The same items in any order are the same dossier."""
    shuffled = items.copy()
    chance.shuffle(shuffled)
    assert digest_of(items) == digest_of(shuffled)
    assert digest_of(items) == digest_of(one for one in items)


@given(DOSSIERS, DOSSIERS)
def test_dossiers_of_other_items_differ(one: list[EvidenceItem], other: list[EvidenceItem]) -> None:
    """Two dossiers have one digest only if they hold the same items."""
    parts = [{(item.kind, item.reference, item.sha256) for item in dossier} for dossier in (one, other)]
    assert (parts[0] == parts[1]) == (digest_of(one) == digest_of(other))


@given(DOSSIERS, ITEMS)
def test_item_more_is_another_dossier(items: list[EvidenceItem], added: EvidenceItem) -> None:
    """What is added after the signature is not signed, not even an item that is there already."""
    assert digest_of(items) != digest_of([*items, added])


@pytest.mark.parametrize("change", [{"kind": "other"}, {"reference": "PH-2"}, {"sha256": "b" * 64}], ids=str)
def test_each_part_of_an_item_is_signed(change: dict[str, object]) -> None:
    """Another kind, number or hash is another dossier."""
    rest = item(kind="recording", reference="REC-1")
    assert digest_of([item(), rest]) != digest_of([item(**change), rest])


@pytest.mark.parametrize("change", [{"size": 11}, {"media_type": "image/png"}, {"made_on": "2026-03-05"}], ids=str)
def test_what_else_is_said_of_a_file_is_not_signed(change: dict[str, object]) -> None:
    """The hash stands for the file with its length and form; its day is what the officer says of it."""
    assert digest_of([item()]) == digest_of([item(**change)])


def test_parts_do_not_run_into_each_other() -> None:
    """No item can be read as two: a number in the case file holds no space and no end of a line."""
    for reference in ("PH-1 PH-2", f"PH-1 {'a' * 64}\nphotograph PH-2", "PH-1\n", "", "张三"):
        with pytest.raises(ValidationError):
            item(reference=reference)


@pytest.mark.parametrize("digest", ["a" * 63, "a" * 65, "A" * 64, "g" * 64, "", "a" * 64 + "\n"])
def test_hash_has_one_form(digest: str) -> None:
    """64 figures of hexadecimal, small: one file has one name."""
    with pytest.raises(ValidationError):
        item(sha256=digest)
