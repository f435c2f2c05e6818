"""The preview goes through the proxies of the network, and says what they answer."""

from __future__ import annotations

import pytest

from seam_portal_desktop.bootstrap.preview_proxies import KeptProxies
from seam_portal_desktop.domain.proxy import Proxy, ProxyKind
from seam_portal_desktop.ui.preview.network.connect_failure import has_network
from tests.support.company_proxy import connect_proxy, socks_proxy
from tests.support.hostile_kit import PRELUDE, reports_to
from tests.support.page_server import Answer, page_server
from tests.support.public_page import shown, wait_until
from tests.support.tls_authority import TestAuthority

URL = "https://portal.test/portals/1?token=seam_cst_not_a_real_token"
SIGN_IN = ("kim", "p@ss:word/1")
QUOTED = "kim:p%40ss%3Aword%2F1"

ATTEMPTS = """
attempt('own', () => fetch('/own').then(answer => answer.text()));
attempt('other', () => fetch('https://cdn.test/x').then(answer => answer.text()));
attempt('local', () => fetch('https://nas.test/x').then(answer => answer.text()));
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    directory = tmp_path_factory.mktemp("authority")
    authority = TestAuthority(directory)
    authority.file = directory / "authority.pem"
    authority.file.write_bytes(authority.pem)
    return authority


@pytest.fixture
def site(authority):
    with page_server(authority.server_context(["portal.test", "cdn.test", "nas.test"])) as site:
        site.pages["/own"] = Answer(body="own")
        site.pages["/x"] = Answer(body="x", headers={"Access-Control-Allow-Origin": "*"})
        site.pages["/portals/1"] = Answer(body=f"{PRELUDE}<script>{ATTEMPTS}</script>")
        yield site


@pytest.fixture
def hosts(site):
    """What the proxy knows. This machine knows only that nas.test is local."""
    return {"portal.test": site.port, "cdn.test": site.port, "nas.test": site.port}


HERE = {"nas.test": "10.1.2.3"}


def expect_page(site, authority, **variables):
    """The page is shown, and reaches all that is public."""
    with shown(URL, authority.file, HERE, **variables) as lines:
        wait_until(lambda: {"own", "other", "local"} <= {*reports_to(site)})
        wait_until(lambda: ["rendered", ""] in lines)
    reports = reports_to(site)
    assert reports["own"] == ["got", "own"]
    assert reports["other"] == ["got", "x"]
    assert reports["local"][0] == "refused"
    assert any(kind == "notice" and "nas.test" in text for kind, text in lines)


def test_a_companys_proxy_with_a_password(site, hosts, authority):
    with connect_proxy(hosts, password=SIGN_IN) as proxy:
        expect_page(site, authority, https_proxy=f"http://{QUOTED}@127.0.0.1:{proxy.port}")
        names = {asked.split()[1] for asked in proxy.asked}
    assert names == {"portal.test:443", "cdn.test:443"}


def test_a_socks_proxy_with_a_password(site, hosts, authority):
    with socks_proxy(hosts, user=":".join(SIGN_IN)) as proxy:
        expect_page(site, authority, all_proxy=f"socks5://{QUOTED}@127.0.0.1:{proxy.port}")
    assert set(proxy.asked) == {"portal.test", "cdn.test"}
    assert set(proxy.users) == {":".join(SIGN_IN)}


def test_a_socks_proxy_without_one(site, hosts, authority):
    with socks_proxy(hosts) as proxy:
        expect_page(site, authority, ALL_PROXY=f"socks5h://127.0.0.1:{proxy.port}")


@pytest.mark.parametrize("given", ["", "kim:wrong@"])
def test_a_password_that_is_missing_or_wrong(authority, given):
    with connect_proxy({}, password=SIGN_IN) as proxy:
        url = f"http://{given}127.0.0.1:{proxy.port}"
        with shown(URL, authority.file, HERE, https_proxy=url) as lines:
            wait_until(lambda: ["failed", "proxy_sign_in"] in lines)


def test_a_host_that_the_proxy_does_not_know(authority):
    with connect_proxy({}) as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        with shown(URL, authority.file, HERE, https_proxy=url) as lines:
            wait_until(lambda: ["failed", "connection"] in lines)


def test_a_proxy_that_is_not_there(authority):
    with shown(URL, authority.file, HERE, https_proxy="http://127.0.0.1:9") as lines:
        wait_until(lambda: ["failed", "connection"] in lines)


def test_a_host_that_needs_no_proxy(site, authority):
    names = {"portal.test": site.port, "cdn.test": site.port, **HERE}
    with shown(
        URL, authority.file, names, https_proxy="http://127.0.0.1:9", no_proxy=".test"
    ) as lines:
        wait_until(lambda: {"own", "other"} <= {*reports_to(site)})
    assert reports_to(site)["other"] == ["got", "x"]
    assert not any(kind == "failed" for kind, _ in lines)


def test_a_name_that_nobody_knows(authority):
    kind = "name" if has_network() else "offline"
    with shown(URL, authority.file, {}) as lines:
        wait_until(lambda: ["failed", kind] in lines)


def test_a_server_that_refuses_connections(authority):
    with shown(URL, authority.file, {"portal.test": "93.184.215.99"}) as lines:
        wait_until(lambda: ["failed", "refused"] in lines)


def test_a_portal_whose_name_leads_here(site, authority):
    with shown(URL, authority.file, {"portal.test": "127.0.0.1"}) as lines:
        wait_until(lambda: ["failed", "local"] in lines)
    assert site.asked == []


def test_the_system_is_asked_again_after_minutes_or_in_another_network():
    asked: list[tuple[str, int]] = []
    now, networks = [0.0], ["office"]

    def find(host, port):
        asked.append((host, port))
        return [Proxy(ProxyKind.HTTP, networks[0], 3128)]

    proxies = KeptProxies(find, lambda: now[0], lambda: networks[0])
    for _ in range(3):
        (proxy,) = proxies.find("portal.test", 443)
        assert proxy.host == "office"
    assert len(asked) == 1
    proxies.find("cdn.test", 443)
    assert asked[1:] == [("cdn.test", 443)]
    networks[0] = "home"
    assert proxies.find("portal.test", 443)[0].host == "home"
    now[0] = 599.0
    proxies.find("portal.test", 443)
    assert len(asked) == 3
    now[0] = 601.0
    proxies.find("portal.test", 443)
    assert len(asked) == 4
