"""Connections, certificates and proxies: the key is sent to Seam only."""

from __future__ import annotations

import asyncio
import socket
import sys
from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.seam.gateway import HttpSeamGateway
from seam_portal_desktop.adapters.seam.transport import Limits
from tests.support.gateway_failures import LIMITS, REQUEST, failure_from
from tests.support.http_server import ScriptedServer, answer, json_answer, stall
from tests.support.seam_answers import api_key_credential, portal_answer, workspace_answer

pytestmark = pytest.mark.anyio


DAY = timedelta(days=1)


async def test_refused_connection():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = await failure_from(f"http://127.0.0.1:{port}")
    assert error.title == f"127.0.0.1:{port} refused the connection."


@pytest.mark.parametrize("host", ["seam.invalid", "xn--bcher-kva.invalid"])
async def test_name_not_found(monkeypatch, host):
    def getaddrinfo(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    error = await failure_from(f"https://{host}")
    assert error.title == f"The name {host} was not found."


async def test_no_network(monkeypatch):
    async def create_connection(*_args, **_kwargs):
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", create_connection)
    error = await failure_from("https://192.0.2.1")
    assert error.title == "This computer has no network connection."


async def test_connecting_takes_too_long(monkeypatch):
    async def create_connection(*_args, **_kwargs):
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", create_connection)
    error = await failure_from("https://192.0.2.1", Limits(connect=0.1))
    assert error.title == "192.0.2.1 can't be reached."


async def test_unknown_issuer(authority):
    with ScriptedServer(tls=authority.server_context()) as server:
        error = await failure_from(server.url)
        assert not server.requests
    assert error.title == f"The identity of 127.0.0.1:{server.port} could not be verified."
    assert "company" in error.message


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the store can't be set by a test")
class TestWithTheSystemsStore:
    async def test_company_certificate_is_trusted(self, authority, set_system_store):
        set_system_store(authority)
        reply = json_answer(workspace_answer())
        with ScriptedServer(tls=authority.server_context(), default=reply) as server:
            gateway = HttpSeamGateway(server.url, api_key_credential, LIMITS)
            assert (await gateway.get_workspace()).name == "Acme Stays"
            await gateway.aclose()

    async def test_expired(self, authority, set_system_store):
        set_system_store(authority)
        with ScriptedServer(tls=authority.server_context(left=-DAY)) as server:
            error = await failure_from(server.url)
        assert "date and time of this computer" in error.message

    async def test_other_name(self, authority, set_system_store):
        set_system_store(authority)
        with ScriptedServer(tls=authority.server_context(["192.0.2.1"])) as server:
            error = await failure_from(server.url)
        assert "belongs to another name" in error.message


async def test_no_tls_where_it_should_be():
    with ScriptedServer(greeting=b"220 mail.example ESMTP\r\n") as server:
        error = await failure_from(f"https://127.0.0.1:{server.port}")
    assert error.title == f"No secure connection to 127.0.0.1:{server.port} could be made."


@pytest.fixture
def proxy(monkeypatch):
    """A proxy that the environment names."""
    with ScriptedServer() as server:
        for name in ("HTTPS_PROXY", "HTTP_PROXY"):
            monkeypatch.setenv(name, server.url)
        yield server


async def test_calls_go_through_the_systems_proxy(proxy):
    proxy.reply(answer(status=502))
    error = await failure_from("https://seam.invalid")
    assert error.title == "The proxy did not connect to seam.invalid."
    assert "502" in error.technical
    [connect] = proxy.requests
    assert (connect.method, connect.path) == ("CONNECT", "seam.invalid:443")
    assert "authorization" not in connect.headers, "the key is for Seam alone"


async def test_proxy_that_wants_a_password(proxy):
    proxy.reply(answer(status=407))
    error = await failure_from("https://seam.invalid")
    assert error.title == "The proxy wants a user name and a password."


async def test_proxy_that_stalls(proxy):
    proxy.reply(stall)
    error = await failure_from("https://seam.invalid", Limits(read=0.2))
    assert error.title == "The proxy 127.0.0.1 can't be reached."


async def test_proxy_that_is_not_there(monkeypatch):
    with ScriptedServer() as server:
        monkeypatch.setenv("HTTPS_PROXY", server.url)
    error = await failure_from("https://seam.invalid")
    assert error.title == "The proxy 127.0.0.1 can't be reached."


@pytest.mark.parametrize("address", ["socks5://127.0.0.1:1080", "ftp://127.0.0.1", "http://[::1"])
async def test_proxy_settings_that_cannot_be_used(address, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", address)
    error = await failure_from("https://seam.invalid")
    assert error.title == "The proxy settings of this computer can't be used."


async def test_loopback_never_goes_through_a_proxy(proxy):
    with ScriptedServer(default=json_answer(portal_answer())) as sandbox:
        gateway = HttpSeamGateway(sandbox.url, api_key_credential, LIMITS)
        await gateway.create_portal(REQUEST)
        await gateway.aclose()
        assert len(sandbox.requests) == 1
    assert not proxy.requests
