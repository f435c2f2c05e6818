"""Which proxy a call goes through; a setting that can't be read is left out and named."""

from __future__ import annotations

import pytest

from seam_portal_desktop.adapters.network import proxy_settings
from seam_portal_desktop.adapters.network.proxy_settings import ProxySettings, read_proxy_settings

SEAM = "https://connect.seam.example"
PROXY = "http://proxy.company.example:3128"


def proxy_of(url: str = SEAM, **settings: str) -> str:
    return str(ProxySettings(settings).proxy_for(url))


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        (PROXY, PROXY),
        ("proxy.company.example:3128", PROXY),
        ("http://PROXY.company.example:3128/", PROXY),
        ("http://ada:secret%40word@proxy.company.example:3128", PROXY),
        ("https://proxy.company.example", "https://proxy.company.example:443"),
        ("socks5://proxy.example", "socks5://proxy.example:1080"),
        ("socks5h://proxy.example:9", "socks5://proxy.example:9"),
        ("socks://proxy.example:9", "socks5://proxy.example:9"),
        ("http://[fd00::1]:3128", "http://[fd00::1]:3128"),
        ("http://bücher.example:1", "http://xn--bcher-kva.example:1"),
    ],
)
def test_addresses_of_proxies(text, proxy):
    settings = ProxySettings({"https": text})
    assert str(settings.proxy_for(SEAM)) == proxy
    assert settings.ignored == ()
    assert "secret" not in settings.describe()


def test_user_and_password_are_kept_apart_and_masked():
    proxy = ProxySettings({"https": "http://ada:secret%40word@proxy.example"}).proxy_for(SEAM)
    assert (proxy.user, proxy.password.reveal()) == ("ada", "secret@word")
    assert "secret" not in f"{proxy} {proxy!r}"


def test_the_setting_of_the_scheme_comes_before_the_one_for_all():
    every = "socks5://other.example:1"
    assert proxy_of(https=PROXY, all=every) == PROXY
    assert proxy_of(http=PROXY, all=every) == every
    assert proxy_of(http=PROXY) == "None"
    assert proxy_of("https://127.0.0.1:8443", https=PROXY, all=every) == "None"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("socks4://ada:secret@proxy.example", "only HTTP and SOCKS 5 proxies are supported"),
        ("ftp://ada:secret@proxy.example", "only HTTP and SOCKS 5 proxies are supported"),
        ("http://ada:secret@[::1", "it is no address"),
        ("http://ada:secret@proxy.example:99999", "it is no address"),
        ("http://ada:secret@pro xy.example", "it is no address"),
        ("http://", "it is no address"),
    ],
)
def test_what_cannot_be_read_is_left_out_and_named(monkeypatch, text, reason):
    monkeypatch.setenv("HTTPS_PROXY", text)
    monkeypatch.setenv("ALL_PROXY", PROXY)
    settings = read_proxy_settings()
    assert settings.ignored == (f"HTTPS_PROXY ({reason})",)
    assert str(settings.proxy_for(SEAM)) == PROXY
    assert settings.describe() == f"ALL_PROXY is {PROXY}; not used: HTTPS_PROXY ({reason})"


@pytest.mark.parametrize(
    ("words", "url", "is_excepted"),
    [
        ("*", SEAM, True),
        ("seam.example", SEAM, True),
        (".seam.example", SEAM, True),
        ("*.seam.example", SEAM, True),
        ("SEAM.example", SEAM, True),
        ("connect.seam.example:443", SEAM, True),
        ("connect.seam.example:8443", SEAM, False),
        ("example.com connect.seam.example", SEAM, True),
        ("eam.example", SEAM, False),
        ("https://seam.example", SEAM, True),
        ("http://seam.example", SEAM, False),
        ("bücher.example", "https://xn--bcher-kva.example", True),
        ("[fd00::1]", "https://[fd00::1]", True),
        ("fd00::1", "https://[fd00::1]", True),
        ("[fd00::1]:8443", "https://[fd00::1]:8443", True),
        ("[fd00::1]:8443", "https://[fd00::1]", False),
        ("fd00::/8", "https://[fdff::1]", True),
        ("[fd00::]/8", "https://[fdff::1]", True),
        ("[fd00::/8]", "https://[fdff::1]", True),
        ("fd00::/8", "https://10.0.0.1", False),
        ("10.0.0.0/8", "https://10.1.2.3", True),
        ("10.0.0.9/8", "https://10.1.2.3", True),
        ("10.*", "https://10.1.2.3", True),
        ("10.0.0.0/8", SEAM, False),
        ("<local>", "https://intranet", True),
        ("<local>", SEAM, False),
        ("[::1],fd00::/8,,localhost", SEAM, False),
    ],
)
def test_exceptions(words, url, is_excepted):
    settings = ProxySettings({"https": PROXY, "no": words})
    assert settings.ignored == ()
    assert (settings.proxy_for(url) is None) is is_excepted


def test_an_exception_that_cannot_be_read_is_named_and_the_others_count(monkeypatch):
    monkeypatch.setenv("https_proxy", PROXY)
    monkeypatch.setenv("no_proxy", "[::1,fd00::/999,a/b,ada:secret@x,seam.example")
    settings = read_proxy_settings()
    assert settings.proxy_for(SEAM) is None
    assert str(settings.proxy_for("https://other.example")) == PROXY
    assert settings.ignored == (
        "“[::1” in no_proxy (it is no host)",
        "“fd00::/999” in no_proxy (it is no host)",
        "“a/b” in no_proxy (it is no host)",
        "a word in no_proxy (it is no host)",
    )


def test_no_settings():
    assert ProxySettings({}).describe() == "none"
    assert ProxySettings({"https": " ", "all": ""}).proxy_for(SEAM) is None


def test_an_address_that_cannot_be_read_is_not_in_the_error():
    with pytest.raises(ValueError, match="no web address") as caught:
        ProxySettings({}).proxy_for("ftp://ada:secret@portal.example/")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "names_any"),
    [
        ({}, False),
        ({"no": "seam.example"}, False),
        ({"no": "10.0.0.0/33"}, False),
        ({"https": PROXY}, True),
        ({"https": "socks4://proxy.example"}, True),
        ({"ftp": PROXY}, False),
    ],
    ids=str,
)
def test_whether_there_is_a_setting_of_a_proxy(settings, names_any):
    assert ProxySettings(settings).names_any is names_any


@pytest.fixture
def system(monkeypatch):
    """Settings of Windows and macOS: a proxy and an exception."""
    found = {"https": PROXY, "no": "intranet.example"}
    monkeypatch.setattr(proxy_settings, "_system_settings", lambda: found)


@pytest.mark.usefixtures("system")
def test_exceptions_of_the_environment_do_not_turn_the_systems_proxies_off(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "localhost,other.example")
    settings = read_proxy_settings()
    assert str(settings.proxy_for(SEAM)) == PROXY
    assert settings.proxy_for("https://other.example") is None
    assert settings.proxy_for("https://intranet.example") is None


@pytest.mark.usefixtures("system")
def test_a_proxy_of_the_environment_replaces_the_systems_settings(monkeypatch):
    monkeypatch.setenv("http_proxy", PROXY)
    settings = read_proxy_settings()
    assert settings.proxy_for(SEAM) is None
    assert str(settings.proxy_for("http://intranet.example")) == PROXY
