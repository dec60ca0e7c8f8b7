"""Settings from the environment, and the sentence about a bad one."""

from datetime import timedelta
from pathlib import Path

import pytest

from shared.failure import CannotStartError
from shared.keys import new_seed
from shared.settings import Settings, from_environment


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the person who runs the tests comes in."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SHIAN_{name.upper()}", raising=False)


def test_settings_need_nothing() -> None:
    """Without any variable the settings are those of a newcomer's machine."""
    settings = from_environment()
    assert settings == Settings()
    assert settings.nats_url == "nats://127.0.0.1:4222"
    assert settings.database_of("alerts") == "sqlite+aiosqlite:///var/alerts.db"
    assert (settings.duplicate_window, settings.replicas) == (timedelta(days=7), 1)


def test_each_service_has_a_database_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's name stands wherever the address asks for it."""
    monkeypatch.setenv("SHIAN_DATABASE_URL", "postgresql+asyncpg://shian_{service}@db/{service}")
    assert from_environment().database_of("insurance") == "postgresql+asyncpg://shian_insurance@db/insurance"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90", timedelta(seconds=90)),
        ("0.5", timedelta(seconds=0.5)),
        ("P7D", timedelta(days=7)),
        ("PT1H30M", timedelta(minutes=90)),
        ("00:01:00", timedelta(minutes=1)),
    ],
)
def test_length_of_time_is_seconds_or_iso_8601(monkeypatch: pytest.MonkeyPatch, text: str, expected: timedelta) -> None:
    """A length of time is given as seconds or as ISO 8601."""
    monkeypatch.setenv("SHIAN_ACK_WAIT", text)
    assert expected == from_environment().ack_wait


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SHIAN_PORT", "eighty"),
        ("SHIAN_PORT", "65536"),
        ("SHIAN_PORT", "-1"),
        ("SHIAN_REPLICAS", "0"),
        ("SHIAN_REPLICAS", "6"),
        ("SHIAN_REPLICAS", "1.5"),
        ("SHIAN_DUPLICATE_WINDOW", "a week"),
        ("SHIAN_ACK_WAIT", "0"),
        ("SHIAN_ACK_WAIT", "-1"),
        ("SHIAN_ACK_WAIT", "nan"),
        ("SHIAN_ACK_WAIT", "inf"),
        ("SHIAN_RETRY_DELAY", "soon"),
        ("SHIAN_CLOCK_POLL", "0"),
        ("SHIAN_BATCH_SIZE", "0"),
        ("SHIAN_BATCH_SIZE", "1001"),
        ("SHIAN_ATTEMPTS", "0"),
        ("SHIAN_UPGRADE", "perhaps"),
    ],
)
def test_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    """A bad setting stops the start with one line that names the variable, what it holds and what is wrong."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(CannotStartError) as stopped:
        from_environment()
    sentence = str(stopped.value)
    assert sentence.startswith(f"Bad setting: {variable}=")
    assert value in sentence.partition(": Input should be ")[0]
    assert sentence.splitlines() == [sentence]


def test_all_bad_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two bad settings are two complaints in one sentence."""
    monkeypatch.setenv("SHIAN_PORT", "eighty")
    monkeypatch.setenv("SHIAN_REPLICAS", "9")
    with pytest.raises(CannotStartError, match=r"SHIAN_PORT='eighty'.*; SHIAN_REPLICAS='9'"):
        from_environment()


def test_seed_is_read_from_the_folder_of_keys(tmp_path: Path) -> None:
    """A user's seed is what its file holds, without the line end."""
    seed = new_seed()
    (tmp_path / "alerts.nk").write_text(f"{seed}\n")
    assert Settings(keys_folder=tmp_path).seed_of("alerts") == seed


@pytest.mark.parametrize("text", ["", "SUAB", "UABC", new_seed()[:-1]], ids=["nothing", "start", "public", "cut off"])
def test_file_without_a_seed_is_named(tmp_path: Path, text: str) -> None:
    """A key file that holds something else stops with a sentence that names it and does not show it."""
    (tmp_path / "alerts.nk").write_text(text)
    with pytest.raises(CannotStartError, match="is no nkey seed of a user") as stopped:
        Settings(keys_folder=tmp_path).seed_of("alerts")
    assert text == "" or f"{text} " not in str(stopped.value)


def test_settings_travel_to_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings given as variables are read back as they were."""
    settings = Settings(ack_wait=timedelta(seconds=2.5), port=9, database_url="sqlite+aiosqlite:///x/{service}.db")
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    assert from_environment() == settings


def test_missing_key_is_named(tmp_path: Path) -> None:
    """A user without a key file is named with the setting that says where keys are."""
    with pytest.raises(CannotStartError) as stopped:
        Settings(keys_folder=tmp_path).seed_of("alerts")
    assert "The key of alerts cannot be read" in str(stopped.value)
    assert "SHIAN_KEYS_FOLDER" in str(stopped.value)


def test_settings_cannot_be_changed_while_they_are_used() -> None:
    """Settings are read once; assigning to one is an error."""
    with pytest.raises(ValueError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]


def test_nodes_of_the_bus_stand_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several addresses are several nodes, whatever blanks stand between them."""
    monkeypatch.setenv("SHIAN_NATS_URL", "tls://one:4222, tls://two:4222")
    assert ["tls://one:4222", "tls://two:4222"] == from_environment().nats_nodes


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SHIAN_NATS_URL": "nats://one:4222,"}, "one of the addresses is empty"),
        ({"SHIAN_NATS_URL": "nats://one:4222,tls://two:4222"}, "some addresses are encrypted and some are not"),
        ({"SHIAN_NATS_CA_FILE": "ca.pem"}, "SHIAN_NATS_URL does not begin with tls://"),
    ],
)
def test_bad_address_of_the_bus_is_named(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str) -> None:
    """An address that would not do what it seems to say stops the start."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CannotStartError, match=said):
        from_environment()


def test_setting_may_be_given_as_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is set to nothing is as if it were not set, whichever it is."""
    for name in Settings.model_fields:
        monkeypatch.setenv(f"SHIAN_{name.upper()}", "")
    values = from_environment().model_dump()
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SHIAN_{name.upper()}")
    assert values == Settings().model_dump()


ADDRESS = "postgresql+asyncpg://shian_{service}@db/shian_{service}"


def test_password_of_a_database_comes_from_its_file(tmp_path: Path) -> None:
    """What the service's own file holds stands in the address, whatever characters it has."""
    (tmp_path / "alerts").write_text("p@ss/w:rd\n")
    settings = Settings(database_url=ADDRESS, database_password_file=tmp_path / "{service}")
    assert settings.database_of("alerts") == "postgresql+asyncpg://shian_alerts:p%40ss%2Fw%3Ard@db/shian_alerts"


@pytest.mark.parametrize(
    ("address", "content", "said"),
    [
        (ADDRESS, None, r"cannot be read \(No such file or directory\); .* the password of shian_alerts"),
        (ADDRESS, b"\xff", "it is no text in UTF-8"),
        (ADDRESS, b"\n", "is empty; write the password of shian_alerts into it"),
        ("postgresql+asyncpg://db/alerts", b"secret", "must name a user and no password"),
        ("postgresql+asyncpg://one:two@db/alerts", b"secret", "must name a user and no password"),
        ("sqlite+aiosqlite:///var/alerts.db", b"secret", "must name a user and no password"),
        ("no address", b"secret", "SHIAN_DATABASE_URL is not a database address"),
    ],
)
def test_password_that_cannot_be_had_is_named(tmp_path: Path, address: str, content: bytes | None, said: str) -> None:
    """A password file without a password, or without a use, stops the start and is not shown."""
    if content is not None:
        (tmp_path / "alerts").write_bytes(content)
    settings = Settings(database_url=address, database_password_file=tmp_path / "alerts")
    with pytest.raises(CannotStartError, match=said) as stopped:
        settings.database_of("alerts")
    assert "secret" not in str(stopped.value)


def test_sentence_on_a_password_file_holds_no_password(tmp_path: Path) -> None:
    """Where the address has a password, and the file that was named is missing, the sentence names the user alone."""
    settings = Settings(
        database_url="postgresql+asyncpg://u:SECRET@db/shian", database_password_file=tmp_path / "missing"
    )
    with pytest.raises(CannotStartError) as stopped:
        settings.database_of("alerts")
    assert "SECRET" not in str(stopped.value)
    assert "the password of u and" in str(stopped.value)


def test_token_of_alertmanager_is_read_without_its_line_end(tmp_path: Path) -> None:
    """The file's content is the token; without a file there is none."""
    (tmp_path / "token").write_text("secret\n")
    assert "secret" == Settings(alerts_token_file=tmp_path / "token").alerts_token()
    assert not Settings().alerts_token()


@pytest.mark.parametrize(
    ("content", "fault"), [(None, "cannot be read"), (b"\n", "is empty"), (b"\xff", "cannot be read")]
)
def test_token_that_cannot_be_had_is_named(tmp_path: Path, content: bytes | None, fault: str) -> None:
    """A file that is not there, is empty, or is no text, stops the start: else alerts would be told to nobody."""
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    with pytest.raises(CannotStartError, match=f"^SHIAN_ALERTS_TOKEN_FILE={tmp_path}/token {fault}"):
        Settings(alerts_token_file=tmp_path / "token").alerts_token()
