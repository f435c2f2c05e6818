from __future__ import annotations

import pytest

from seam_portal_desktop.adapters.seam.gateway import HttpSeamGateway
from tests.support.gateway_failures import LIMITS
from tests.support.http_server import ScriptedServer
from tests.support.seam_answers import api_key_credential
from tests.support.tls_authority import TestAuthority


@pytest.fixture
def server():
    with ScriptedServer() as server:
        yield server


@pytest.fixture
async def gateway(server):
    gateway = HttpSeamGateway(server.url, api_key_credential, LIMITS)
    yield gateway
    await gateway.aclose()


@pytest.fixture
def authority(tmp_path):
    return TestAuthority(tmp_path)


@pytest.fixture
def set_system_store(tmp_path, monkeypatch):
    """Makes an authority the only one that the system trusts."""

    def set_store(authority):
        store = tmp_path / "store.pem"
        store.write_bytes(b"# a comment\n" + authority.pem)
        monkeypatch.setenv("SSL_CERT_FILE", str(store))

    return set_store
