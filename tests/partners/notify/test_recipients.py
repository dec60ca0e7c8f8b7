"""The recipients file: who is told of what, and what is wrong with a bad file."""

from pathlib import Path

import pytest

from partners.notify.recipients import read_recipients
from shared.failure import CannotStartError

GOOD = """
[mail]
host = "127.0.0.1"
sender = "shian@example"

[[to]]
name = "duty officer"
events = ["food.sample.failed.v1", "food.clock.*"]
webhook = "http://127.0.0.1:1/hook"
body = "text"

[[to]]
name = "head"
events = ["*"]
mail = ["head@example"]
"""


def written(tmp_path: Path, text: str) -> Path:
    """A recipients file."""
    path = tmp_path / "notify.toml"
    path.write_text(text, "utf-8")
    return path


def test_recipients_want_what_they_name(tmp_path: Path) -> None:
    """A type is wanted by its name or by a pattern for it, and nothing else is."""
    officer, head = read_recipients(written(tmp_path, GOOD)).to
    assert [officer.wants(type_) for type_ in ("food.sample.failed.v1", "food.clock.missed.v1")] == [True, True]
    assert [one.wants("food.sample.unclear.v1") for one in (officer, head)] == [False, True]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("[mail]", "[post]"), "post: Extra inputs"),
        (('host = "127.0.0.1"', ""), "mail.host: Field required"),
        (('webhook = "http://127.0.0.1:1/hook"', ""), "give either a webhook or mail addresses"),
        (('webhook = "http://127.0.0.1:1/hook"', 'webhook = "robot"'), "to.0.webhook"),
        (('"food.clock.*"', '"food.clok.*"'), "food.clok.* fits no event"),
        (('"head"', '"duty officer"'), "duty officer stands more than once"),
        (("[[to]]", "[[to"), "cannot be read"),
    ],
)
def test_bad_file_is_named_with_its_fault(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    """Whatever is wrong in the file, the sentence names the file, the place and the fault."""
    path = written(tmp_path, GOOD.replace(*change))
    with pytest.raises(CannotStartError) as caught:
        read_recipients(path)
    assert str(path) in str(caught.value)
    assert words in str(caught.value)


def test_mail_needs_a_server(tmp_path: Path) -> None:
    """Someone who is told by mail needs the server that takes it."""
    text = '[[to]]\nname = "head"\nevents = ["*"]\nmail = ["head@example"]\n'
    with pytest.raises(CannotStartError, match=r"there is no \[mail\]"):
        read_recipients(written(tmp_path, text))


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there is said to be so."""
    with pytest.raises(CannotStartError, match=r"absent\.toml cannot be read"):
        read_recipients(tmp_path / "absent.toml")
