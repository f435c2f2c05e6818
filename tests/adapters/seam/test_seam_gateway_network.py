"""Connections, certificates and proxies: the key is sent to Seam only."""

from __future__ import annotations

import asyncio
import socket
import sys
from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.seam.gateway import HttpSeamGateway
from seam_portal_desktop.adapters.seam.transport import Limits
from tests.support.company_proxy import socks_proxy
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


async def test_a_user_without_a_password_is_sent_to_the_proxy(proxy, monkeypatch):
    proxy.reply(answer(status=407))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("://", "://ada@"))
    await failure_from("https://seam.invalid")
    [connect] = proxy.requests
    assert connect.headers["proxy-authorization"] == "Basic YWRhOg=="


async def test_proxy_that_stalls(proxy):
    proxy.reply(stall)
    error = await failure_from("https://seam.invalid", Limits(read=0.2))
    assert error.title == "The proxy 127.0.0.1 can't be reached."


async def test_proxy_that_is_not_there(monkeypatch):
    with ScriptedServer() as server:
        monkeypatch.setenv("HTTPS_PROXY", server.url)
    error = await failure_from("https://seam.invalid")
    assert error.title == "The proxy 127.0.0.1 can't be reached."


@pytest.mark.parametrize("address", ["socks4://127.0.0.1:1080", "ftp://127.0.0.1", "http://[::1"])
async def test_proxy_settings_that_cannot_be_used_are_named(address, monkeypatch):
    def getaddrinfo(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setenv("HTTPS_PROXY", address)
    monkeypatch.setenv("NO_PROXY", "a/b")
    error = await failure_from("https://seam.invalid")
    assert error.title == "The name seam.invalid was not found."
    assert "These proxy settings can't be used and were left out: HTTPS_PROXY (" in error.message
    assert error.message.endswith("“a/b” in NO_PROXY (it is no host).")


@pytest.mark.parametrize(
    "others",
    [
        {"ALL_PROXY": "socks5://127.0.0.1:1"},
        {"ALL_PROXY": "socks4://127.0.0.1:1"},
        {"NO_PROXY": "localhost,[::1],fd00::/8"},
        {"NO_PROXY": "[::1,fd00::/999"},
    ],
    ids=str,
)
async def test_the_good_proxy_is_used_beside_other_settings(proxy, monkeypatch, others):
    for name, value in others.items():
        monkeypatch.setenv(name, value)
    proxy.reply(answer(status=407))
    error = await failure_from("https://seam.invalid")
    assert error.title == "The proxy wants a user name and a password."
    assert [request.path for request in proxy.requests] == ["seam.invalid:443"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the store can't be set by a test")
@pytest.mark.parametrize("user", ["", "ada:secret@word"])
async def test_calls_through_a_socks_proxy(authority, set_system_store, monkeypatch, user):
    set_system_store(authority)
    reply = json_answer(workspace_answer())
    names = ["seam.invalid"]
    with (
        ScriptedServer(tls=authority.server_context(names), default=reply) as server,
        socks_proxy({"seam.invalid": server.port}, user=user) as proxy,
    ):
        login = "ada:secret%40word@" if user else ""
        monkeypatch.setenv("ALL_PROXY", f"socks5://{login}127.0.0.1:{proxy.port}")
        gateway = HttpSeamGateway("https://seam.invalid", api_key_credential, LIMITS)
        assert (await gateway.get_workspace()).name == "Acme Stays"
        await gateway.aclose()
    assert proxy.asked == names
    assert proxy.users == ([user] if user else [])


@pytest.mark.parametrize(
    ("options", "login", "title"),
    [
        ({"user": "ada:secret"}, "", "The proxy wants a user name and a password."),
        ({"user": "ada:secret"}, "ada:wrong@", "The proxy wants a user name and a password."),
        ({}, "", "The proxy did not connect to seam.invalid."),
        ({"garbage": b"HTTP/1.1 400 Bad Request\r\n\r\n"}, "", "The proxy did not connect to "),
        ({"garbage": b"\x05"}, "", "The proxy did not connect to "),
        ({"garbage": b"\x05\x77"}, "", "The proxy did not connect to "),
    ],
    ids=["no password", "wrong password", "no such host", "HTTP", "cut off", "unknown method"],
)
async def test_a_socks_proxy_that_refuses(monkeypatch, options, login, title):
    with socks_proxy({}, **options) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5://{login}127.0.0.1:{proxy.port}")
        error = await failure_from("https://seam.invalid")
    assert error.title.startswith(title)
    assert "wrong" not in error.details()


async def test_a_socks_proxy_that_is_not_there(monkeypatch):
    with socks_proxy({}) as proxy:
        pass
    monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{proxy.port}")
    error = await failure_from("https://seam.invalid")
    assert error.title == "The proxy 127.0.0.1 can't be reached."


async def test_loopback_never_goes_through_a_proxy(proxy):
    with ScriptedServer(default=json_answer(portal_answer())) as sandbox:
        gateway = HttpSeamGateway(sandbox.url, api_key_credential, LIMITS)
        await gateway.create_portal(REQUEST)
        await gateway.aclose()
        assert len(sandbox.requests) == 1
    assert not proxy.requests


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the store can't be set by a test")
async def test_calls_through_a_proxy_that_speaks_tls(authority, set_system_store, monkeypatch):
    set_system_store(authority)
    with ScriptedServer(tls=authority.server_context()) as proxy:
        proxy.reply(answer(status=407))
        monkeypatch.setenv("HTTPS_PROXY", f"https://ada:secret@127.0.0.1:{proxy.port}")
        error = await failure_from("https://seam.invalid")
    assert error.title == "The proxy wants a user name and a password."
    [connect] = proxy.requests
    assert connect.path == "seam.invalid:443"
    assert connect.headers["proxy-authorization"] == "Basic YWRhOnNlY3JldA=="
    assert "authorization" not in connect.headers
