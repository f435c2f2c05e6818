"""Images from any host: anything but a small image that arrives in time is None."""

from __future__ import annotations

import asyncio

import pytest

from seam_portal_desktop.adapters.network.image_fetch import HttpImageFetch, ImageLimits
from tests.support.http_server import (
    ScriptedServer,
    answer,
    raw,
    raw_then_close,
    reset,
    stall_until_disconnect,
)

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n not really"
LIMITS = ImageLimits(image_bytes=1000)


@pytest.fixture
def server():
    with ScriptedServer() as server:
        yield server


def redirect(location: str, status: int = 302):
    headers = {"location": location, "set-cookie": "who=me; Path=/"}
    return answer(status=status, headers=headers)


@pytest.mark.parametrize(
    "content_type",
    ["image/png", "image/jpeg", "image/svg+xml", "image/webp", "IMAGE/PNG; charset=binary"],
)
async def test_an_image_arrives_unchanged(server, content_type):
    server.reply(answer(PNG, content_type=content_type))
    assert await HttpImageFetch(LIMITS)(f"{server.url}/logo?v=1#top") == PNG
    assert server.requests[0].path == "/logo?v=1"


async def test_the_request_has_no_credential_and_no_cookie(server):
    server.reply(redirect("/b.png"), redirect("c.png", 308), answer(PNG, content_type="image/png"))
    assert await HttpImageFetch(LIMITS)(f"{server.url}/a.png") == PNG
    assert [request.path for request in server.requests] == ["/a.png", "/b.png", "/c.png"]
    for request in server.requests:
        assert not {"authorization", "cookie", "referer"} & request.headers.keys()


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(answer(b"x" * 1001, content_type="image/png"), id="oversize"),
        pytest.param(
            raw_then_close(b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\n\r\n" + b"x" * 100_000),
            id="oversize-unannounced",
        ),
        pytest.param(answer(b"<html></html>", content_type="text/html"), id="html"),
        pytest.param(answer(b"GIF89a", content_type="image/gif"), id="gif"),
        pytest.param(answer(PNG, content_type=""), id="untyped"),
        pytest.param(answer(b"", content_type="image/png"), id="empty"),
        pytest.param(answer(PNG, content_type="image/png", status=404), id="404"),
        pytest.param(
            answer(PNG, content_type="image/png", headers={"content-encoding": "gzip"}), id="packed"
        ),
        pytest.param(
            raw_then_close(
                b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 9\r\n\r\nx"
            ),
            id="cut-off",
        ),
        pytest.param(raw(b"SSH-2.0-nothing\r\n\r\n"), id="not-http"),
        pytest.param(reset, id="reset"),
        pytest.param(redirect("file:///etc/hostname"), id="to-file"),
        pytest.param(redirect("https://127.0.0.1:1/a.png"), id="to-another-scheme"),
        pytest.param(redirect("http://logos.example/a.png"), id="to-plain-http"),
        pytest.param(redirect("http://[broken/"), id="to-no-address"),
    ],
)
async def test_anything_but_a_small_image_is_none(server, reply):
    server.reply(reply)
    assert await HttpImageFetch(LIMITS)(f"{server.url}/a.png") is None
    assert len(server.requests) == 1


async def test_redirects_are_limited(server):
    server.default = redirect("/again.png")
    assert await HttpImageFetch(LIMITS)(f"{server.url}/a.png") is None
    assert len(server.requests) == LIMITS.redirects + 1


async def test_a_slow_image_is_none(server):
    server.reply(stall_until_disconnect)
    fetch = HttpImageFetch(ImageLimits(overall=0.5))
    async with asyncio.timeout(10):
        assert await fetch(f"{server.url}/a.png") is None
    assert await asyncio.to_thread(server.disconnected.wait, 10)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "logo.png",
        "http://logos.example/a.png",
        "ftp://127.0.0.1/a.png",
        "file:///etc/hostname",
        "data:image/png;base64,AAAA",
        "https://[broken/a.png",
        "http://127.0.0.1:99999/a.png",
        "http://127.0.0.1:1/nobody-listens",
    ],
)
async def test_other_addresses_are_none(url):
    assert await HttpImageFetch(LIMITS)(url) is None


async def test_an_address_with_a_password_is_not_asked(server):
    url = server.url.replace("http://", "http://me:not_a_real_password@")
    assert await HttpImageFetch(LIMITS)(f"{url}/a.png") is None
    assert server.requests == []
