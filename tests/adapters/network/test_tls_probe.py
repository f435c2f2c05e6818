"""Certificates of a real TLS server on this machine, signed by an authority of the test's own."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta

import pytest

from seam_portal_desktop.adapters.network.tls_probe import HttpTlsProbe
from seam_portal_desktop.domain.preview.page_facts import TlsFacts, TlsFault
from tests.support.page_server import page_server, self_signed
from tests.support.tls_authority import NAME, TestAuthority

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)


@pytest.fixture
def authority(tmp_path):
    return TestAuthority(tmp_path)


@pytest.fixture
def probe(authority):
    return HttpTlsProbe(authority.client_context)


async def probed(probe, context, host="127.0.0.1") -> TlsFacts:
    with page_server(context) as site:
        return await probe(f"https://{host}:{site.port}")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("left", [200 * DAY, 3 * DAY])
async def test_issuer_and_end(probe, authority, host, left):
    facts = await probed(probe, authority.server_context(left=left), host)
    assert facts.issuer == NAME
    assert facts.fault is None
    assert facts.not_after.tzinfo is not None
    assert abs(facts.not_after - datetime.now(UTC) - left) < timedelta(minutes=5)


async def test_each_fault_has_its_kind(probe, authority, tmp_path):
    contexts = {
        TlsFault.EXPIRED: authority.server_context(left=-DAY),
        TlsFault.NOT_YET_VALID: authority.server_context(left=9 * DAY, began=-3 * DAY),
        TlsFault.WRONG_HOST: authority.server_context(["portal.example"]),
        TlsFault.UNTRUSTED: self_signed(tmp_path),
    }
    for fault, context in contexts.items():
        assert await probed(probe, context) == TlsFacts(fault=fault)


async def test_the_system_decides_whom_to_trust(authority):
    facts = await probed(HttpTlsProbe(), authority.server_context())
    assert facts == TlsFacts(fault=TlsFault.UNTRUSTED)


async def test_nothing_but_the_root_is_asked_for(probe, authority):
    with page_server(authority.server_context()) as site:
        await probe(f"https://127.0.0.1:{site.port}")
    assert (site.heads, site.asked) == (["/"], [])


@pytest.mark.parametrize("origin", ["https://127.0.0.1:1", "https://", "no address", "https://[:1"])
async def test_no_answer_gives_no_facts(probe, origin):
    assert await probe(origin) == TlsFacts()


async def test_a_server_without_tls_gives_no_facts(probe):
    with page_server() as site:
        assert await probe(f"https://127.0.0.1:{site.port}") == TlsFacts()
        assert await probe(f"http://127.0.0.1:{site.port}") == TlsFacts()


async def test_a_silent_server_ends_in_time(authority):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        probe = HttpTlsProbe(authority.client_context, overall=0.2)
        port = silent.getsockname()[1]
        assert await probe(f"https://127.0.0.1:{port}") == TlsFacts()
