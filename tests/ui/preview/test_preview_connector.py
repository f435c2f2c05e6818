"""Which hosts the previews' proxy refuses, and how it connects to the others."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import sys
import threading
from types import SimpleNamespace

import psutil
import pytest

from seam_portal_desktop.domain.preview.load_failure import FailureKind, classify_net_error
from seam_portal_desktop.domain.proxy import Proxy, ProxyKind
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.network import connect_failure
from seam_portal_desktop.ui.preview.network.connect_failure import (
    ConnectError,
    connect_error,
    name_error,
)
from seam_portal_desktop.ui.preview.network.local_addresses import (
    is_local_host,
    is_local_ip,
    own_networks,
    parse_address,
)
from tests.support.page_server import page_server
from tests.support.public_names import NamedAddresses

PUBLIC, OTHER, PUBLIC_6 = "93.184.215.1", "93.184.215.2", "2a00:1450:4001:800::200e"


class TestLocalAddresses:
    @pytest.mark.parametrize(
        "text",
        [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.0.1",
            "224.0.0.251",
            "239.255.255.250",
            "255.255.255.255",
            "240.0.0.1",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::192.168.1.1",
            "64:ff9b:1::1",
            "2002:7f00:1::1",
            "2002:c0a8:101::1",
            "2001::1",
            "fe80::1",
            "fec0::1",
            "fd00::1",
            "fc00::1",
            "ff02::1",
            "2001:db8::1",
        ],
    )
    def test_local(self, text):
        assert is_local_ip(parse_address(text))
        assert is_local_host(text)

    @pytest.mark.parametrize(
        "text",
        ["1.1.1.1", PUBLIC, PUBLIC_6, "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1"],
    )
    def test_public(self, text):
        assert not is_local_ip(parse_address(text))

    @pytest.mark.parametrize(
        ("host", "local"),
        [("nas", True), ("nas.local", True), ("LOCALHOST.", True), ("portal.example", False)],
    )
    def test_names(self, host, local):
        assert is_local_host(host.lower()) is local

    def test_this_machines_own_addresses(self, monkeypatch):
        """A neighbour's public IPv6 address is of the same network."""

        def interface(address, netmask):
            return [SimpleNamespace(address=address, netmask=netmask)]

        monkeypatch.setattr(
            psutil,
            "net_if_addrs",
            lambda: {
                "card": interface("00:11:22:33:44:55", None),
                "eth": interface("2a00:1:2:3::7%eth", "ffff:ffff:ffff:ffff::"),
                "windows": interface("2a00:9:9:9::7", None),
                "v4": interface(PUBLIC, "255.255.255.0"),
                "vpn": interface(OTHER, "0.0.0.0"),
            },
        )
        networks = own_networks()

        def is_own(text):
            return any(ipaddress.ip_address(text) in network for network in networks)

        assert is_own("2a00:1:2:3::8")
        assert is_own("2a00:9:9:9::8")
        assert is_own("93.184.215.77")
        assert is_own(OTHER)
        assert not is_own("2a00:1:2:4::8")
        assert not is_own("1.1.1.1")


def opened(connector, host="portal.example", **options):
    """The error number, or None if there is a connection."""

    async def run():
        try:
            _, writer = await connector.open(
                host,
                443,
                may_be_local=options.get("may_be_local", False),
                may_sign_in=lambda: False,
            )
        except ConnectError as error:
            return error.failure.code
        writer.close()
        return None

    return asyncio.run(run())


@pytest.fixture(scope="module")
def server():
    with page_server() as site:
        yield site.port


class TestConnector:
    def test_it_connects_to_the_address_that_it_checked(self, server):
        connector = NamedAddresses({"portal.example": [PUBLIC]}, {PUBLIC: server})
        assert opened(connector) is None
        assert connector.connected == [PUBLIC]

    @pytest.mark.parametrize("answer", [["10.0.0.1"], [PUBLIC, "127.0.0.1"], ["::ffff:10.0.0.1"]])
    def test_one_local_address_is_enough_to_refuse(self, server, answer):
        connector = NamedAddresses({"portal.example": answer}, {PUBLIC: server})
        assert opened(connector) == connect_failure.LOCAL_NETWORK
        assert connector.connected == []

    def test_a_name_of_this_machine_is_refused(self, monkeypatch, server):
        connector = NamedAddresses({"portal.example": [PUBLIC]}, {PUBLIC: server})
        monkeypatch.setattr(
            "seam_portal_desktop.ui.preview.network.connector.own_networks",
            lambda: [ipaddress.ip_network(PUBLIC)],
        )
        assert opened(connector) == connect_failure.LOCAL_NETWORK
        assert connector.connected == []

    def test_a_local_portal_may_be_shown(self, server):
        connector = NamedAddresses({"nas": ["10.0.0.1"]}, {"10.0.0.1": server})
        assert opened(connector, "nas", may_be_local=True) is None

    def test_the_next_address_is_tried(self, server):
        connector = NamedAddresses({"portal.example": [PUBLIC_6, PUBLIC]}, {PUBLIC: server})
        assert opened(connector) is None
        assert connector.connected == [PUBLIC_6, PUBLIC]

    def test_all_addresses_refuse(self):
        assert opened(NamedAddresses({"portal.example": [PUBLIC, OTHER]})) == -102

    @pytest.mark.parametrize(
        "error", [socket.gaierror(socket.EAI_NONAME, ""), UnicodeError(), OSError()]
    )
    @pytest.mark.parametrize(("online", "code"), [(True, -105), (False, -106)])
    def test_a_name_without_an_address(self, monkeypatch, error, online, code):
        monkeypatch.setattr(connect_failure, "has_network", lambda: online)
        assert opened(NamedAddresses({"portal.example": error})) == code

    def test_the_second_proxy_is_used_if_the_first_is_gone(self, server):
        connector = NamedAddresses({"portal.example": [PUBLIC]}, {PUBLIC: server})
        connector.find_proxies = lambda _host, _port: (
            Proxy(ProxyKind.HTTP, "gone.example", 3128),
            None,
        )
        assert opened(connector) is None
        assert connector.connected == ["gone.example", PUBLIC]

    def test_a_search_for_proxies_that_fails_means_none(self, server):
        connector = NamedAddresses({"portal.example": [PUBLIC]}, {PUBLIC: server})

        def fail(_host, _port):
            raise OSError

        connector.find_proxies = fail
        assert opened(connector) is None

    def test_another_program_does_not_get_the_password(self, server):
        connector = NamedAddresses({"portal.example": [PUBLIC]}, {"proxy.example": server})
        connector.find_proxies = lambda _host, _port: (
            Proxy(ProxyKind.HTTP, "proxy.example", 3128, "kim", Secret("x")),
        )
        assert opened(connector) == connect_failure.PROXY_SIGN_IN
        assert connector.connected == []

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems grant the stack")
    def test_without_threads_there_is_no_connection_until_there_are_some(self, server):
        connector = NamedAddresses({"portal.example": [PUBLIC]}, {PUBLIC: server})
        size = threading.stack_size(1 << 46)  # more than there can be
        try:
            for _ in range(2 * connector._lookups._value):
                assert opened(connector) in (
                    connect_failure.NAME_NOT_RESOLVED,
                    connect_failure.INTERNET_DISCONNECTED,
                )
        finally:
            threading.stack_size(size)
        assert opened(connector) is None

    def test_this_machine_needs_no_proxy(self, server):
        connector = NamedAddresses({}, {"127.0.0.1": server})
        connector.find_proxies = lambda _host, _port: (Proxy(ProxyKind.HTTP, "x.example", 1),)
        assert opened(connector, "127.0.0.1", may_be_local=True) is None
        assert connector.connected == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionRefusedError(), FailureKind.REFUSED),
        (TimeoutError(), FailureKind.TIMED_OUT),
        (ConnectionResetError(), FailureKind.CONNECTION),
        (OSError(101, ""), FailureKind.OFFLINE),
        (OSError(5, ""), FailureKind.CONNECTION),
    ],
)
def test_a_sockets_error_has_the_engines_number(error, kind):
    assert classify_net_error(connect_error(error).failure.code).kind is kind


@pytest.mark.parametrize(
    ("online", "kind"), [(True, FailureKind.NAME), (False, FailureKind.OFFLINE)]
)
def test_a_name_is_not_found_only_if_there_is_a_network(monkeypatch, online, kind):
    monkeypatch.setattr(connect_failure, "has_network", lambda: online)
    assert classify_net_error(name_error().failure.code).kind is kind
