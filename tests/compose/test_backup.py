"""The guide's commands for a backup, as they stand there."""

import re
from pathlib import Path

import pytest

from shared.permissions import OPERATOR
from tests.compose.engine import IMAGE, ROOT, Composition, compose_command
from tests.compose.partners_at_work import REPORTS, prepare, say, whole_record

pytestmark = pytest.mark.usefixtures("engine")


def commands() -> list[str]:
    """The blocks of the guide's chapter: to back up, and to put it back."""
    chapter = (ROOT / "docs" / "composition.md").read_text("utf-8").partition("## Backup")[2].partition("\n## ")[0]
    blocks = re.findall(r"```sh\n(.+?)```", chapter, re.DOTALL)
    compose = " ".join(compose_command() or ())
    return [
        "set -e\n" + re.sub(r" shian (tar|sh) ", rf" {IMAGE} \1 ", block).replace("docker compose", compose)
        for block in blocks
    ]


@pytest.mark.parametrize(("how", "nodes"), [((), ("NATS",)), (("CLUSTER=1",), ("NATS", "NATS_2", "NATS_3"))])
async def test_backup_is_put_back(tmp_path: Path, how: tuple[str, ...], nodes: tuple[str, ...]) -> None:
    """What a lost machine had is there again on a new one, and it goes on: nothing is lost and nothing is doubled."""
    composition = Composition(tmp_path)
    try:
        composition.make("up", *how)
        composition.wait_until_healthy()
        composition.take_key(OPERATOR)
        settings = composition.settings(*nodes)
        await prepare(settings, REPORTS[:20])
        await say(settings, REPORTS[:10])
        before = (await whole_record(settings, REPORTS[:10])).line(new=0)
        back_up, put_back = commands()
        composition.shell(back_up)
        dumps = {path.name for path in (composition.folder / "backup").glob("*.tar.gz")}
        assert dumps == {"keys.tar.gz", *(f"{node.lower().replace('_', '-')}.tar.gz" for node in nodes)}
        composition.compose("down", "--volumes")
        composition.shell(put_back)
        composition.wait_until_healthy()
        assert before == (await whole_record(settings, REPORTS[:10])).line(new=0)
        await say(settings, REPORTS[:20])
        await whole_record(settings, REPORTS[:20])
    finally:
        composition.remove()
