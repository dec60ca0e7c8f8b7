"""Handing the keys out: each holder finds what it uses in its folder, and nothing of anybody else."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.handing_out import HOLDERS, hand_out
from services.provision import commands, write_server_config
from shared.failure import CannotStartError
from shared.keys import public_key_of
from shared.permissions import INSIDERS
from shared.settings import Settings


def folders(into: Path) -> dict[str, set[str]]:
    """What each folder holds."""
    return {folder.name: {path.name for path in folder.iterdir()} for folder in into.iterdir()}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The server's configuration, in a folder with every seed."""
    return write_server_config(tmp_path / "keys", (), listen="x:1", store=tmp_path, nodes=("one", "two"))


def test_each_is_handed_its_own(tmp_path: Path, config: Path) -> None:
    """A service has its own seed, the watch its two, and the bus the configuration without any seed."""
    into = tmp_path / "holders"
    hand_out(config, into)
    assert folders(into) == {
        "bus": {"server.conf"},
        "steward": {"steward.nk"},
        "operator": {"operator.nk"},
        "watch": {"watch.nk", "watch-servers.nk"},
        **{service: {f"{service}.nk"} for service in ("sampling", "alerts", "enforcement", "insurance")},
    }
    assert sorted(INSIDERS) == sorted(user for users in HOLDERS.values() for user in users)
    text = (into / "bus" / "server.conf").read_text("utf-8")
    assert text == config.read_text("utf-8")
    for user in INSIDERS:
        seed = Settings(keys_folder=config.parent).seed_of(user)
        assert public_key_of(seed) in text
        assert seed not in text
    assert {path.stat().st_mode & 0o777 for path in into.glob("*/*")} == {0o600}


def test_what_was_handed_out_follows_what_is_kept(tmp_path: Path, config: Path) -> None:
    """A seed that was put back, and a configuration that was written anew, take the place of the copies."""
    into = tmp_path / "holders"
    hand_out(config, into)
    (config.parent / "alerts.nk").unlink()
    write_server_config(config.parent, (), listen="x:2", store=tmp_path, nodes=("one", "two"))
    hand_out(config, into)
    assert (into / "alerts" / "alerts.nk").read_bytes() == (config.parent / "alerts.nk").read_bytes()
    assert 'listen: "x:2"' in (into / "bus" / "server.conf").read_text("utf-8")
    assert folders(into)["alerts"] == {"alerts.nk"}


def test_authority_is_handed_out_without_the_key_of_the_certificate(tmp_path: Path, config: Path) -> None:
    """Of the bus's certificate the others are given the authority's alone, as long as it lies there."""
    into, tls = tmp_path / "holders", tmp_path / "tls"
    tls.mkdir()
    for name in ("cert.pem", "key.pem", "ca.pem"):
        (tls / name).write_text(name)
    hand_out(config, into, tls)
    assert folders(into)["authority"] == {"ca.pem"}
    assert (into / "authority" / "ca.pem").read_text() == "ca.pem"
    (tls / "ca.pem").unlink()
    hand_out(config, into, tls)
    assert folders(into)["authority"] == set()


def test_what_cannot_be_handed_out_is_named(tmp_path: Path, config: Path) -> None:
    """A seed that is not there stops with a sentence that names it and where it was to go."""
    seed = config.parent / "sampling.nk"
    seed.unlink()
    with pytest.raises(CannotStartError, match=rf"^{seed} cannot be handed out into .+/sampling \(No such file"):
        hand_out(config, tmp_path / "holders")


def test_provisioning_hands_out_where_it_is_told_to(tmp_path: Path) -> None:
    """`provision keys --hand-out` makes the keys and hands them out at once; without it nothing is handed out."""
    keys, into = tmp_path / "keys", tmp_path / "holders"
    for options in ([], ["--hand-out", str(into)]):
        assert not into.exists()
        CliRunner().invoke(commands, ["keys", "--folder", str(keys), *options], catch_exceptions=False)
    assert folders(into).keys() == {"bus", *HOLDERS}
    assert (into / "watch" / "watch.nk").read_text() == (keys / "watch.nk").read_text()
