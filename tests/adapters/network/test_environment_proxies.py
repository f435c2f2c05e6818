"""The proxies that the environment names for the preview."""

from __future__ import annotations

import pytest

from seam_portal_desktop.adapters.network.environment_proxies import (
    environment_proxies,
    parse_proxy,
)
from seam_portal_desktop.domain.proxy import ProxyKind

HTTP, SOCKS = "http://proxy.example:3128", "socks5://socks.example"


def chosen(host="portal.example", port=443, **environment):
    """The host of the proxy, None for none, or "system"."""
    proxies = environment_proxies(host, port, environment)
    if proxies is None:
        return "system"
    return proxies[0].host if proxies else None


@pytest.mark.parametrize(
    ("environment", "host"),
    [
        ({}, "system"),
        ({"no_proxy": "*"}, "system"),
        ({"https_proxy": HTTP}, "proxy.example"),
        ({"HTTPS_PROXY": HTTP}, "proxy.example"),
        ({"ALL_PROXY": SOCKS}, "socks.example"),
        ({"ALL_PROXY": SOCKS, "HTTPS_PROXY": HTTP}, "proxy.example"),
        ({"http_proxy": HTTP}, None),
        ({"https_proxy": "socks4://old.example", "all_proxy": SOCKS}, "socks.example"),
        ({"https_proxy": "http://[broken"}, None),
        ({"https_proxy": "http://proxy.example:99999"}, None),
    ],
)
def test_which_proxy(environment, host):
    assert chosen(**environment) == host


@pytest.mark.parametrize(
    ("excepted", "host", "is_direct"),
    [
        ("*", "portal.example", True),
        ("portal.example", "portal.example", True),
        ("PORTAL.example", "portal.example", True),
        (".example", "portal.example", True),
        ("*.example", "portal.example", True),
        ("example", "portal.example", True),
        ("tal.example", "portal.example", False),
        ("other.example, portal.example", "portal.example", True),
        ("portal.example:443", "portal.example", True),
        ("portal.example:8443", "portal.example", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.1.2.3:443", "10.1.2.3", True),
        ("[::1]", "portal.example", False),
        ("fd00::/8", "portal.example", False),
        ("fd00::/8", "fd00::1", True),
        ("[fd00::1]", "fd00::1", True),
        ("[fd00::1]:443", "fd00::1", True),
        (",, ,", "portal.example", False),
    ],
)
def test_which_hosts_need_none(excepted, host, is_direct):
    proxy = chosen(host, https_proxy=HTTP, no_proxy=excepted)
    assert (proxy is None) is is_direct


def test_a_proxy_with_a_password():
    proxy = parse_proxy("http://kim:p%40ss%3Aword@proxy.example")
    assert (proxy.kind, proxy.port, proxy.user) == (ProxyKind.HTTP, 80, "kim")
    assert proxy.password.reveal() == "p@ss:word"
    assert "p@ss" not in repr(proxy)


def test_a_proxy_without_a_scheme_is_one_for_http():
    proxy = parse_proxy("proxy.example:8080")
    assert (proxy.kind, proxy.host, proxy.port) == (ProxyKind.HTTP, "proxy.example", 8080)
