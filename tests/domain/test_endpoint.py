from __future__ import annotations

import pytest

from seam_portal_desktop.domain.endpoint import (
    DEFAULT_ENDPOINT,
    InvalidEndpointError,
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
        ("http://[0:0::1]", "http://[::1]"),
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
    ],
)
def test_plain_http_to_anywhere_else_is_refused(text):
    with pytest.raises(InvalidEndpointError, match=r"https://.*API key"):
        parse_endpoint(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://seam.example?workspace=1",
        "https://seam.example/#part",
    ],
)
def test_query_and_fragment_are_refused(text):
    with pytest.raises(InvalidEndpointError, match="no query or fragment"):
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
        "http://127.1",
        "http://2130706433",
        "http://0x7f.0.0.1",
        "https:///a",
        "https://user@seam.example",
        "https://user:word@seam.example",
        "https://:word@seam.example",
        "https://connect.getseam.com@evil.example",
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
