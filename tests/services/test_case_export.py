"""An archive of a case: as it stands, or as it stood when it was transferred; checked by the digest that was signed."""

import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.contracts import CaseTransferred, EvidenceAdded, EvidenceKind
from shared.settings import Settings
from tests.services.enforcement.desk import Desk, desk_with_a_case
from tests.services.enforcement.ways import OFFICER, lead
from tests.shian import Shell


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk whose case was received, and then got a later test report and an opinion."""
    async with desk_with_a_case(tmp_path) as desk:
        await lead(desk, "received")
        again = desk.item(EvidenceKind.TEST_REPORT, "03", "measured again")
        await desk.take(OFFICER, EvidenceAdded, items=(again, desk.item(EvidenceKind.EXPERT_OPINION, "EXP-1")))
        yield desk


@pytest.fixture
def shian(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    """The shell of an officer beside the databases."""
    settings = Settings(
        database_url=f"sqlite+aiosqlite:///{tmp_path}/{{service}}.db", evidence_folder=tmp_path / "evidence"
    )
    return Shell(monkeypatch, capsys, settings)


async def test_archive_holds_the_dossier_as_it_stands_or_stood(desk: Desk, shian: Shell, tmp_path: Path) -> None:
    """Now: five items that count and one that was replaced. In the version of the transfer: what was signed."""
    case_no = (await desk.case()).case_no
    (transferred,) = desk.told_of(CaseTransferred)
    now, then = tmp_path / "now.zip", tmp_path / "then.zip"
    assert (await shian(f"case export {case_no} --to {now}"))[0] == 0
    assert (await shian(f"case export {case_no} --to {then} --version {transferred.version}"))[0] == 0
    assert 1 == len([name for name in zipfile.ZipFile(now).namelist() if name.startswith("历次版本/")])
    assert [] == [name for name in zipfile.ZipFile(then).namelist() if "EXP-1" in name or name.startswith("历次版本/")]
    code, said = await shian(f"case check {then} --dossier {transferred.dossier}")
    assert (0, True) == (code, said.endswith("holds what it states, unchanged."))
    code, said = await shian(f"case check {now} --dossier {transferred.dossier}")
    assert (1, True) == (code, "the archive holds" in said)


async def test_altered_archive_is_told_by_its_files(desk: Desk, shian: Shell, tmp_path: Path) -> None:
    """A byte of one file is another: it is named."""
    case_no, path = (await desk.case()).case_no, tmp_path / "case.zip"
    await shian(f"case export {case_no} --to {path}")
    path.write_bytes(path.read_bytes().replace(b"measured again", b"measured aga1n"))
    code, said = await shian(f"case check {path}")
    assert (1, True) == (code, "检验报告" in said)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("case export C-AAAAAAAAAAAA --to {written}", "There is no case C-AAAAAAAAAAAA; check the number."),
        ("case export {case} --to {written} --version 1", "had no dossier in version 1"),
        ("case check none.zip", "none.zip"),
        ("case check {file}", "manifest"),
    ],
)
async def test_what_cannot_be_exported_or_checked_is_said(
    desk: Desk, shian: Shell, tmp_path: Path, line: str, words: str
) -> None:
    """An unknown case, a version before the dossier, no archive: one sentence, nothing written."""
    file, written = tmp_path / "empty.zip", tmp_path / "x.zip"
    zipfile.ZipFile(file, "w").close()
    code, said = await shian(line.format(case=(await desk.case()).case_no, file=file, written=written))
    assert (1, True) == (code, words in said)
    assert not written.exists()
