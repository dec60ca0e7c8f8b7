"""The composition with an encrypted bus."""

from pathlib import Path

import pytest
import trustme

from shared.permissions import OPERATOR
from tests.compose.engine import Composition
from tests.compose.partners_at_work import REPORTS, prepare, say, whole_record

pytestmark = pytest.mark.usefixtures("engine")

NAME = "bus.example"


def certificate(folder: Path) -> None:
    """A certificate for the bus's name and this machine, its key, and its authority."""
    folder.mkdir()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    issued = authority.issue_cert(NAME, "127.0.0.1")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    (folder / "key.pem").chmod(0o600)
    for blob in issued.cert_chain_pems:
        blob.write_to_path(folder / "cert.pem", append=True)


async def test_certificate_in_a_folder_encrypts_the_bus(tmp_path: Path) -> None:
    """With a folder named in .env services and partners reach the bus under TLS, and reports are answered."""
    composition = Composition(tmp_path)
    certificate(composition.folder / "tls")
    with (composition.folder / ".env").open("a") as file:
        file.write(f"SHIAN_TLS=./tls\nSHIAN_NATS_NAME={NAME}\n")
        file.write(f"SHIAN_NATS_URL=tls://{NAME}:4222\nSHIAN_NATS_CA_FILE=/tls/ca.pem\n")
    try:
        composition.make("up")
        composition.wait_until_healthy()
        composition.take_key(OPERATOR)
        plain = composition.settings()
        address = plain.nats_url.replace("nats://", "tls://")
        settings = plain.model_copy(update={"nats_url": address, "nats_ca_file": composition.folder / "tls" / "ca.pem"})
        await prepare(settings, REPORTS[:10])
        await say(settings, REPORTS[:10])
        record = await whole_record(settings, REPORTS[:10])
        assert any(path.failed for path in record.paths.values())
        assert composition.compose("exec", "-T", "sampling", "ls", "/tls").split() == ["ca.pem"]
    finally:
        composition.remove()
