"""What docs/authorities.md shows is what the commands take: police and procuratorate answer by typing the page."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.main import get_command

from services.command import commands
from services.enforcement.store.steps import CaseStepTaken
from shared.contracts import ReconsiderationRequested, SupervisionSuggested
from shared.keys import public_key_of, seed_in
from shared.partners import read_partners
from tests.partners.authority.agency import Agency
from tests.shian import Shell
from tests.undoing import rows

PAGE = (Path(__file__).parents[3] / "docs" / "authorities.md").read_text("utf-8")
POLICE, PROCURATORATE, OTHER = "police-210283", "procuratorate-210283", "police-210202"


def examples() -> list[str]:
    """Every command of the page."""
    shown: Sequence[tuple[str, str]] = re.findall(r"`shian ([^`]+ [^`]+)`|^shian ([^#\n]+)", PAGE, re.MULTILINE)
    return [(inline or of_block).strip() for inline, of_block in shown]


def test_every_command_of_the_page_exists_with_its_options() -> None:
    """Each names a command that there is, options that it has, and none of the group is left out."""
    groups = get_command(commands).commands  # type: ignore[attr-defined]
    for line in examples():
        group, name, *rest = line.split(" ", 2)
        options = {name for option in groups[group].commands[name].params for name in option.opts}
        assert set() == set(re.findall(r"--[a-z-]+", " ".join(rest))) - options, line
    assert set(groups["authority"].commands) | {"check"} == {line.split()[1] for line in examples()}


class Typist:
    """Somebody who types the page's lines as they stand."""

    def __init__(self, agency: Agency) -> None:
        self._agency = agency
        self.typed: set[str] = set()

    async def types(self, start: str, user: str = POLICE) -> str:
        """Type the first line of the page that begins so; what is said."""
        line = next(line for line in examples() if line.startswith(f"authority {start}"))
        self.typed.add(line)
        return await self._agency.types(line.replace("CASE", self._agency.case_no), user)

    async def follows(self, *users: str) -> str:
        """Each reads what waits; what the last is told."""
        return [await self.types("follow --once", user) for user in users][-1]


async def test_page_leads_through_the_dialogue(agency: Agency) -> None:
    """Received, declined, reconsidered, supervised, filed, prosecuted, judged: by the page's own commands."""
    typist = Typist(agency)
    types, follows = typist.types, typist.follows
    assert "information, not a transfer; starts no clock" in await follows(POLICE)
    assert f"{agency.case_no}  transferred, version 5, 草鱼" in await types("list")
    said = await types("show")
    for part in ("reported by officer.O001, officer.O003", "approved by head.H001", "R1: ", "transfer_letter 00"):
        assert part in said
    await types("receive")
    assert "decide to file or not" in await follows(POLICE)
    assert "police until" in await types("list")
    await types("complex")
    await follows(POLICE)
    await types("decline")
    await agency.takes("officer.O001", ReconsiderationRequested, why="The report shows it.")
    await follows(POLICE)
    assert 1 == (await types("show")).partition("periods that run")[2].count("until ")  # those to decide are over
    await types("uphold")
    await agency.takes("officer.O001", SupervisionSuggested, why="No reason of law.")
    await follows(PROCURATORATE)
    assert "REF-" not in await types("supervise", PROCURATORATE)
    await follows(PROCURATORATE)
    await types("ask", PROCURATORATE)
    await follows(POLICE)
    assert "under joint supervision, police until" in await types("list")
    await types("explain")
    await follows(PROCURATORATE)
    assert "stale" in await agency.types(f"authority order {agency.case_no} --why 理由 --version 3", PROCURATORATE, 1)
    await types("order", PROCURATORATE)
    await follows(POLICE)
    await types("file")
    await follows(PROCURATORATE)
    await types("prosecute", PROCURATORATE)
    await follows(PROCURATORATE)
    await types("judge", PROCURATORATE)
    await follows(PROCURATORATE)
    assert "judged" in await types("list", PROCURATORATE)
    said = await types("show", PROCURATORATE)
    assert "order_filing" not in said
    assert "refused (stale)" in said.partition("answered by the exchange")[2]
    assert OTHER_WAYS == {line.split()[1] for line in set(examples()) - typist.typed}


OTHER_WAYS = {"check", "keygen", "follow", "redirect", "accept", "opinion", "return"}
"""What the dialogue above does not type; ``follow`` without an end runs in its own process, in test_following."""


async def test_page_leads_through_the_other_ways(agency: Agency) -> None:
    """Passed on and back, declined, the reasons accepted, an opinion: by the page's own commands."""
    typist = Typist(agency)
    await typist.follows(POLICE)
    await typist.types("redirect")
    await typist.follows(OTHER)
    await agency.types(f"authority redirect {agency.case_no} --to 21.02.83 --why 住所地", OTHER)
    for line in ("receive", "decline"):
        await typist.follows(POLICE)
        await typist.types(line)
    await typist.follows(PROCURATORATE)
    await typist.types("ask", PROCURATORATE)
    await typist.follows(POLICE)
    await typist.types("explain")
    await typist.follows(PROCURATORATE)
    await typist.types("accept", PROCURATORATE)
    await typist.follows(PROCURATORATE)
    await typist.types("opinion", PROCURATORATE)
    assert "not_filed" == (await agency.case()).state
    assert {"redirect", "accept", "opinion"} <= {line.split()[1] for line in typist.typed}


@pytest.mark.parametrize(("user", "by"), [(POLICE, "police.210283"), (PROCURATORATE, "procuratorate.210283")])
async def test_page_returns_a_filed_case_for_either(agency: Agency, user: str, by: str) -> None:
    """One word is for both: the police return a filed case, and so does the procuratorate, each by its own event."""
    typist = Typist(agency)
    for line in ("receive", "file"):
        await typist.follows(POLICE)
        await typist.types(line)
    await typist.follows(user)
    assert "Accepted" in await typist.types("return", user)
    assert "returned" == (await agency.case()).state
    taken = await rows(agency.shell.settings, "enforcement", CaseStepTaken)
    assert by == max(taken, key=lambda step: step.version).by


async def test_page_checks_the_dossier_that_was_handed_over(
    agency: Agency, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The digest of the transfer, as the case is shown, is that of the archive that the agency exports."""
    monkeypatch.chdir(tmp_path)
    await agency.types(f"case export {agency.case_no} --to case.zip --version 5", "officer-O001")
    typist = Typist(agency)
    await typist.follows(POLICE)
    digest = re.findall(r"^  dossier ([0-9a-f]{64})$", await typist.types("show"), re.MULTILINE)
    line = next(line for line in examples() if line.startswith("case check"))
    assert "unchanged" in await agency.types(line.replace("DIGEST", *digest), POLICE)


async def test_page_makes_a_key_that_fits_the_partners_file(
    agency: Agency, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines that the page's keygen prints are an entry of the partners file, named by the region alone."""
    monkeypatch.chdir(tmp_path)
    settings = agency.shell.settings.model_copy(update={"keys_folder": tmp_path / "own"})
    line = next(line for line in examples() if line.startswith("authority keygen"))
    code, said = await Shell(monkeypatch, agency.shell.capsys, settings)(line)
    lines, _, rest = said.partition("The seed is in ")
    (tmp_path / "partners.toml").write_text(lines, "utf-8")
    (police,) = read_partners(tmp_path / "partners.toml")
    seed = (tmp_path / "own" / "police-210283.nk").read_text("ascii")
    assert (0, POLICE, public_key_of(seed)) == (code, police.user, police.public_key)
    assert seed not in said
    assert rest


async def test_case_that_is_passed_on_is_before_other_police(agency: Agency) -> None:
    """The police of another county read the transfer in their own region and receive it; the first cannot any more."""
    case = agency.case_no
    await agency.types("authority follow --once", POLICE)
    assert "No case was told" in await agency.types("authority list", OTHER)
    await agency.types(f"authority redirect {case} --to 21.02.02 --why 行为发生地", POLICE)
    assert "not_yours" in await agency.types(f"authority receive {case} --version 6", POLICE, 1)
    assert "transfer to the police of 21.02.02" not in await agency.types(f"authority show {case}", POLICE)
    await agency.types("authority follow --once", OTHER)
    assert "transfer to the police of 21.02.02" in await agency.types(f"authority show {case}", OTHER)
    await agency.types(f"authority receive {case}", OTHER)


@pytest.mark.parametrize(
    ("line", "user", "said"),
    [
        ("receive C-AAAAAAAAAAAA", POLICE, "run `shian authority follow --once` first"),
        ("receive C-AAAAAAAAAAAA --version 1 --region 21.02.83", POLICE, "unknown_case"),
        ("show C-AAAAAAAAAAAA", POLICE, "Nothing was read of case C-AAAAAAAAAAAA"),
        ("file CASE", POLICE, "barred"),
        ("receive CASE --version 3", POLICE, "stale"),
        ("receive CASE --version 5 --region 21.02.83", OTHER, "not_yours"),
        ("receive CASE", PROCURATORATE, "this is for the police to do"),
        ("receive CASE", "officer-O001", "officer-O001 is an officer, and this is for the police to do"),
        ("receive CASE --version x", POLICE, "--version"),
        ("receive CASE --region Zhuanghe", POLICE, "--region Zhuanghe is no region"),
        ("receive CASE --version 5 --region 21.02.83", "police-210299", "The key of police-210299 cannot be read"),
        ("opinion CASE --concerns weather --why 理由", PROCURATORATE, "--concerns"),
        ("redirect CASE --to here --why 理由", POLICE, "--to"),
        ("redirect CASE --to 21.02.83 --why 理由", POLICE, "wrong_place"),
        ("ask CASE --why 行政机关建议监督", PROCURATORATE, "barred"),
        ("decline CASE", POLICE, "--why"),
        ("receive CASE --at 2099-01-01T09:00", POLICE, "wrong_dates"),
        ("decline CASE --why 当事人电话13904112233", POLICE, "write the person's number in the case file instead"),
    ],
)
async def test_answer_that_cannot_be_is_refused(agency: Agency, line: str, user: str, said: str) -> None:
    """Each with its sentence and exit code 1, or 2 where an option is missing; the case stays as it was."""
    await agency.types("authority follow --once", POLICE)
    await agency.types("authority follow --once", PROCURATORATE)
    before = await agency.case()
    code = 2 if "decline CASE" == line else 1
    assert said in await agency.types(f"authority {line.replace('CASE', agency.case_no)}", user, code)
    assert before == await agency.case()


async def test_what_was_done_is_not_done_twice(agency: Agency) -> None:
    """The same line again is the same request, and its first answer is shown; said anew it was done before."""
    await agency.types("authority follow --once", POLICE)
    first = await agency.types(f"authority receive {agency.case_no}", POLICE)
    again = await agency.types(f"authority receive {agency.case_no}", POLICE)
    assert "asked before" in again
    assert first.partition(": ")[2] == again.partition("): ")[2]
    await agency.types("authority follow --once", POLICE)
    assert "already_done" in await agency.types(f"authority receive {agency.case_no}", POLICE, 1)


async def test_key_that_the_exchange_does_not_know_is_said(agency: Agency) -> None:
    """Whoever is not let in is told which command prints their public key again."""
    seed_in(agency.shell.settings.keys_folder, "police-210299")
    said = await agency.types("authority follow --once", "police-210299", 1)
    assert "does not let police-210299 in" in said
    assert "`shian authority keygen police` prints" in said
