"""The previews' proxy: what it refuses, what it connects to, and what it remembers."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from seam_portal_desktop.ui.preview.network import connect_failure, page_proxy
from seam_portal_desktop.ui.preview.network.page_network import PageNetwork, PageNetworkError
from seam_portal_desktop.ui.preview.network.page_proxy import PageProxy
from tests.support.page_server import page_server
from tests.support.preview_kit import ENGINE_NOISE, shown_pane, shows_text, target
from tests.support.public_names import NamedAddresses

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

ROOT = Path(__file__).parents[3]
PUBLIC = "93.184.215.1"


@pytest.fixture(scope="module")
def server():
    with page_server() as site:
        yield site.port


@contextmanager
def running(connector, *, may_be_local=lambda _host, _port: False):
    refused = []
    proxy = PageProxy(
        lambda: connector, may_be_local, lambda host, port: refused.append((host, port))
    )
    port = proxy.start()
    try:
        yield proxy, port, refused
    finally:
        proxy.end()
        assert not proxy.is_running


def request(port, host, to=443):
    """Ask the proxy for a connection. Returns the socket and the answer's code."""
    client = socket.create_connection(("127.0.0.1", port), timeout=10)
    name = host.encode()
    client.sendall(b"\x05\x01\x00\x05\x01\x00\x03" + bytes((len(name),)) + name)
    client.sendall(to.to_bytes(2, "big"))
    assert client.recv(2) == b"\x05\x00"
    return client, client.recv(10)[1]


def test_a_socket_is_known_as_this_programs_or_not():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        with socket.create_connection(address) as client:
            assert page_proxy._is_of_this_program(client.getsockname()[1])
        code = f"import socket; s = socket.create_connection({address});"
        code += "print(s.getsockname()[1], flush=True); input()"
        with subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other:
            port = int(other.stdout.readline())
            assert page_proxy._is_of_this_program(port), "a process of this program"
            other.communicate("\n")
        assert not page_proxy._is_of_this_program(port)


def test_a_socket_of_this_process_needs_no_search_among_all_processes(monkeypatch):
    def search(*_args, **_options):
        raise AssertionError

    monkeypatch.setattr(psutil.Process, "children", search)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as client,
    ):
        assert page_proxy._is_of_this_program(client.getsockname()[1])


class TestPageProxy:
    def test_it_carries_bytes_both_ways(self, server):
        connector = NamedAddresses({"portal.example": [PUBLIC]}, {PUBLIC: server})
        with running(connector) as (_, port, refused):
            client, code = request(port, "Portal.Example")
            with client:
                assert code == 0
                client.sendall(b"GET / HTTP/1.0\r\n\r\n")
                got = b""
                while chunk := client.recv(65536):
                    got += chunk
        assert b"Harbor Hotel" in got
        assert refused == []

    @pytest.mark.parametrize("host", ["127.0.0.1", "nas", "nas.local", "trap.example"])
    def test_it_refuses_what_is_local_and_says_so(self, host):
        connector = NamedAddresses({"trap.example": ["192.168.1.1"]})
        with running(connector) as (proxy, port, refused):
            client, code = request(port, host, 8080)
            client.close()
            assert code != 0
            assert proxy.failures[host, 8080].code == connect_failure.LOCAL_NETWORK
        assert refused == [(host, 8080)]
        assert connector.connected == []

    def test_a_failure_is_forgotten_after_a_success(self, server):
        connector = NamedAddresses({"portal.example": [PUBLIC]})
        with running(connector) as (proxy, port, _):
            request(port, "portal.example")[0].close()
            assert proxy.failures["portal.example", 443].code == -102
            connector.servers[PUBLIC] = server
            request(port, "portal.example")[0].close()
            assert proxy.failures == {}

    @pytest.mark.parametrize("noise", [b"GET / HTTP/1.1\r\n\r\n", b"\x05\x01\x00\x05\x02\x00", b""])
    def test_it_ends_what_speaks_no_socks(self, noise):
        with (
            running(NamedAddresses({})) as (_, port, _),
            socket.create_connection(("127.0.0.1", port), timeout=10) as client,
        ):
            client.sendall(noise)
            client.shutdown(socket.SHUT_WR)
            while client.recv(100):
                pass

    def test_it_ends_with_connections_open(self, server):
        connector = NamedAddresses({"portal.example": [PUBLIC]}, {PUBLIC: server})
        with running(connector) as (_, port, _):
            client, _ = request(port, "portal.example")
        with client:
            assert client.recv(1) == b""

    def test_too_many_connections_are_ended(self, monkeypatch):
        monkeypatch.setattr(page_proxy, "_MOST_CONNECTIONS", 2)
        with running(NamedAddresses({})) as (_, port, _):
            first, second = (socket.create_connection(("127.0.0.1", port)) for _ in range(2))
            with first, second, socket.create_connection(("127.0.0.1", port), timeout=10) as third:
                assert third.recv(1) == b""


class NoProxy(PageNetwork):
    """A network whose proxy can't start."""

    def start(self):
        raise PageNetworkError("It can’t start.")


def test_without_the_proxy_no_page_is_shown(qapp, qtbot):
    with page_server() as site, shown_pane(qapp, network=NoProxy()) as (pane, signals):
        pane.engine.begin()
        pane.show_portal(target(site.url()))
        qtbot.waitUntil(lambda: signals.failed == [("portal-1", "unavailable")])
        assert shows_text(pane, "It can’t start.")
        assert site.asked == []
        assert pane.engine._profile is None


def test_after_the_proxy_ended_no_page_is_shown(qapp, qtbot):
    network = PageNetwork()
    flags = "QTWEBENGINE_CHROMIUM_FLAGS"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(flags, "--proxy-server=http://other.example --no-proxy-server --x")
        network.start()
        import os

        given = os.environ[flags].split()
    assert given[0] == "--x"
    assert [flag.split("=")[0] for flag in given[1:]] == [
        "--proxy-server",
        "--proxy-bypass-list",
        "--force-webrtc-ip-handling-policy",
    ]
    network._proxy.end()
    with page_server() as site, shown_pane(qapp, network=network) as (pane, signals):
        pane.show_portal(target(site.url()))
        qtbot.waitUntil(lambda: signals.failed == [("portal-1", "unavailable")])
        assert shows_text(pane, "keeps pages off your network has stopped")
        assert site.asked == []


def test_a_window_is_told_once_of_a_flood(qapp):
    network = PageNetwork()
    told = []
    network.refused.connect(lambda *place: told.append(place))
    for _ in range(1000):
        network._on_refused("nas.example", 443)
    assert told == [("nas.example", 443)]


PROGRAM = """
from PySide6.QtWidgets import QApplication
from seam_portal_desktop.ui.preview.network.page_network import engine_network
app = QApplication([])
engine_network().start()
import socket
busy = socket.create_connection(("127.0.0.1", int(__import__("os").environ[
    "QTWEBENGINE_CHROMIUM_FLAGS"].split("127.0.0.1:")[1].split()[0])))
print("started")
"""


@pytest.mark.parametrize("_time", range(5))
def test_it_does_not_keep_the_program_alive(_time):
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "started\n", "")
