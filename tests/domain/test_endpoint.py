from __future__ import annotations

import pytest

from seam_portal_desktop.domain.endpoint import (
    DEFAULT_ENDPOINT,
    InvalidEndpointError,
    ascii_host,
    is_loopback,
    parse_endpoint,
)


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        (DEFAULT_ENDPOINT, DEFAULT_ENDPOINT),
        ("https://connect.getseam.com/", DEFAULT_ENDPOINT),
        ("  HTTPS://Connect.GetSeam.com//  ", DEFAULT_ENDPOINT),
        ("https://connect.getseam.com/?", DEFAULT_ENDPOINT),
        ("https://connect.getseam.com/#", DEFAULT_ENDPOINT),
        ("https://seam.example:8443", "https://seam.example:8443"),
        ("https://seam.example:", "https://seam.example"),
        ("https://seam.example/proxy/", "https://seam.example/proxy"),
        ("https://192.0.2.7", "https://192.0.2.7"),
        ("https://[2001:db8::7]:8443", "https://[2001:db8::7]:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://Straße.example", "https://xn--strae-oqa.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("http://localhost", "http://localhost"),
        ("http://LOCALHOST:3000/", "http://localhost:3000"),
        ("http://127.0.0.1:49152", "http://127.0.0.1:49152"),
        ("http://127.8.9.10", "http://127.8.9.10"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://[0:0::1]", "http://[0:0::1]"),
    ],
)
def test_https_and_loopback_are_accepted_in_one_form(text, endpoint):
    assert parse_endpoint(text) == endpoint
    assert parse_endpoint(endpoint) == endpoint


@pytest.mark.parametrize(
    "text",
    [
        "http://seam.example",
        "http://192.168.1.2",
        "http://10.0.0.1:80",
        "http://0.0.0.0",
        "http://[2001:db8::1]",
        "http://[::]",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://evil.example/127.0.0.1",
        "http://127.1",
        "http://2130706433",
        "http://0x7f.0.0.1",
    ],
)
def test_plain_http_to_anywhere_else_is_refused(text):
    with pytest.raises(InvalidEndpointError, match=r"https://.*API key"):
        parse_endpoint(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://user@seam.example",
        "https://user:word@seam.example",
        "https://:word@seam.example",
        "https://connect.getseam.com@evil.example",
        "https://seam.example?workspace=1",
        "https://seam.example/#part",
    ],
)
def test_user_query_and_fragment_are_refused(text):
    with pytest.raises(InvalidEndpointError, match="no user, query or fragment"):
        parse_endpoint(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "seam.example",
        "connect.getseam.com:443",
        "//seam.example",
        "https://",
        "https:///a",
        "ftp://seam.example",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "localhost:3000",
        "seam_test_not_a_real_key",
    ],
)
def test_what_is_no_web_address_gets_an_example(text):
    with pytest.raises(InvalidEndpointError, match=DEFAULT_ENDPOINT):
        parse_endpoint(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://seam.example:99999",
        "https://seam.example:0",
        "https://seam.example:-1",
        "https://seam.example:port",
        "https://[::1",
        "https://[seam.example]",
        "https://seam example",
        "https://seam.example/a b",
        "https://seam.example\0",
        "https://seam\u2028.example",
        "https://connect.getseam.com\\.evil.example",
        "https://evil.example\\@connect.getseam.com",
        "https://<seam.example>",
        "https://seam%2eexample",
        "https://ü..example",
    ],
)
def test_garbage_is_refused(text):
    with pytest.raises(InvalidEndpointError):
        parse_endpoint(text)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("128.0.0.1", False),
        ("::2", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_loopback(host, expected):
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("Portal.Example", "portal.example"),
        ("2001:db8::1", "2001:db8::1"),
        ("straße.example", "xn--strae-oqa.example"),
        ("ﬀ.example", "ff.example"),
        ("ＡＢ。example", "ab.example"),
        ("１２７.0.0.1", "127.0.0.1"),
        ("аррӏе.example", "xn--80ak6aa92e.example"),
        ("☃.example", "xn--n3h.example"),
        ("a_ü.example", "xn--a_-yka.example"),
        ("xn--strae-oqa.ü.example", "xn--strae-oqa.xn--tda.example"),
        ("ü.example.", "xn--tda.example."),
    ],
)
def test_a_host_is_what_browsers_connect_to(host, expected):
    assert ascii_host(host) == expected


@pytest.mark.parametrize("host", ["ü..example", "a" * 64 + ".ü", "ü" * 70, "\ue000.example"])
def test_what_browsers_refuse_is_no_host(host):
    with pytest.raises(ValueError, match="host name"):
        ascii_host(host)
