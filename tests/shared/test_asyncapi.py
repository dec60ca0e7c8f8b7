"""The AsyncAPI document says what the catalogue says and is one by the standard's schema; its page stands alone."""

import asyncio
import json
import re
import shutil
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from shared.asyncapi import document_of, page_of
from shared.contracts import CATALOGUE
from shared.contracts.catalogue import SERVICES
from shared.envelope import envelope_of
from shared.settings import Settings
from tests.pages import page
from tests.programs import HAS_NODE, ROOT
from tests.running import BUILD

CHECK = ROOT / "tests" / "asyncapi"
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


class Page(HTMLParser):
    """What a page loads, where its links lead, and the places that it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.places: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down what concerns loading and links."""
        if tag in ("script", "link", "img", "iframe", "object", "embed", "base"):
            self.loads.append(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "data", "action", "background"):
                self.loads.append(value or "")
            if name == "href":
                self.links.append(value or "")
            if name == "id":
                self.places.append(value or "")


def references(part: Any) -> Iterable[str]:
    """Every ``$ref`` in a document."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from references(inner)
    if isinstance(part, list):
        for inner in part:
            yield from references(inner)


def resolved(document: dict[str, Any], reference: str) -> Any:
    """What a reference points to; raises KeyError where there is nothing."""
    part: Any = document
    for step in reference.removeprefix("#/").split("/"):
        part = part[step]
    return part


@pytest.mark.parametrize("service", ["", *SERVICES])
def test_every_reference_leads_somewhere(service: str) -> None:
    """The document of each service, and of all, holds everything that it refers to."""
    document = document_of(service)
    found = set(references(document))
    assert found
    for reference in found:
        assert reference.startswith("#/")
        assert resolved(document, reference) is not None


def test_the_whole_catalogue_is_in_it() -> None:
    """Each event is one channel, with who tells and hears it, and an operation of each service that does."""
    document = document_of()
    assert [entry.event.__name__ for entry in CATALOGUE] == list(document["channels"])
    for entry in CATALOGUE:
        name = entry.event.__name__
        channel = document["channels"][name]
        assert (list(entry.producers), list(entry.consumers)) == (channel["x-told-by"], channel["x-heard-by"])
        assert set(re.findall(r"{(\w+)}", channel["address"])) == channel["parameters"].keys()
        wanted = {f"{one}Tells{name}" for one in entry.producers if one in SERVICES}
        wanted |= {f"{one}Hears{name}" for one in entry.consumers if one in SERVICES}
        of_it = {key for key, one in document["operations"].items() if one["channel"]["$ref"].endswith(f"/{name}")}
        assert wanted == of_it


def test_examples_are_events() -> None:
    """What stands as an example of a message is read as that event."""
    messages = document_of()["components"]["messages"]
    for entry in CATALOGUE:
        (example,) = messages[entry.event.__name__]["examples"]
        envelope_of(entry.event).model_validate_json(json.dumps(example["payload"]))


def test_a_service_has_what_it_tells_and_hears() -> None:
    """The document of one service leaves the other services' events out."""
    assert {"PolicyBound", "PolicyRejected", "SampleFailed", "SampleOverturned", "InsurerNotified", "NoticeNotDue"} | {
        "NoticeRetracted"
    } == document_of("insurance")["channels"].keys()


def test_page_loads_nothing_and_its_links_hold() -> None:
    """The page names every event, loads nothing at all, and each of its links leads to a place on it."""
    text = page_of()
    read = Page(text)
    assert [] == read.loads
    assert "url(" not in text
    assert "@import" not in text
    assert {f"#{place}" for place in read.places} >= set(read.links)
    assert len(read.places) == len(set(read.places))
    assert {entry.event.__name__ for entry in CATALOGUE} <= set(read.places)


async def test_services_serve_it(settings: Settings) -> None:
    """Each service shows its own events at /docs/asyncapi, and the same as JSON."""
    for service, build in BUILD.items():
        app = build(settings)
        status, text = await page(app, "/docs/asyncapi")
        assert (200, []) == (status, Page(text).loads)
        status, document = await page(app, "/docs/asyncapi.json")
        assert 200 == status
        assert f"Shian {service}" == json.loads(document)["info"]["title"]
        assert set(json.loads(document)["channels"]) <= set(Page(text).places)


@pytest.mark.skipif(not BROWSER, reason="no browser is installed: apt-get install chromium")
async def test_a_browser_shows_it(tmp_path: Path) -> None:
    """Opened as a file, with no network to ask, a browser shows each event's name and address."""
    assert BROWSER
    (tmp_path / "page.html").write_text(page_of(), "utf-8")
    process = await asyncio.create_subprocess_exec(
        BROWSER, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", (tmp_path / "page.html").as_uri(),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    shown, _ = await asyncio.wait_for(process.communicate(), 120)
    for name, channel in document_of()["channels"].items():
        assert f'<h3 id="{name}">{name}</h3>' in shown.decode()
        assert channel["address"] in shown.decode()


async def checked(folder: Path, document: dict[str, Any]) -> tuple[int | None, str]:
    """The exit code and the words of the check against the standard's schema."""
    (folder / "document.json").write_text(json.dumps(document), "utf-8")
    process = await asyncio.create_subprocess_exec(
        "node", "check.mjs", "document.json", cwd=folder, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, said.decode()


@pytest.mark.skipif(not HAS_NODE, reason="node and npm are not installed: apt-get install nodejs npm")
async def test_document_is_asyncapi_3(tmp_path: Path) -> None:
    """The standard's own schema finds nothing wrong with any of the documents, and something with one that is none."""
    folder = tmp_path / "check"
    shutil.copytree(CHECK, folder, ignore=shutil.ignore_patterns("node_modules"))
    install = await asyncio.create_subprocess_exec(
        "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", cwd=folder
    )
    assert 0 == await asyncio.wait_for(install.wait(), 120)
    for service in ("", *SERVICES):
        assert (0, "") == await checked(folder, document_of(service))
    code, said = await checked(folder, document_of() | {"channels": {"a": {"adress": "b"}}})
    assert 1 == code
    assert "/channels/a" in said
