"""Updates from a real TUF repository over HTTP, intact and broken in each way."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from seam_portal_desktop.adapters.updates import fetch as update_fetch
from seam_portal_desktop.adapters.updates.fetch import FetchLimits
from seam_portal_desktop.adapters.updates.tuf_updates import TufUpdates, UpdatePlace
from seam_portal_desktop.domain.policy_values import UpdateChannel
from seam_portal_desktop.domain.release import UpdateError
from tests.support.company_proxy import socks_proxy
from tests.support.http_server import (
    answer,
    endless,
    raw_then_close,
    stall,
)
from tests.support.until import until
from tests.support.update_repository import CONTENT, INSTALLER, KIND, UpdateRepository

pytestmark = pytest.mark.anyio

STABLE = UpdateChannel.STABLE
IMPATIENT = FetchLimits(connect=5, read=0.3, overall=3)
TIMESTAMP = "/metadata/timestamp.json"
LOGIN = answer(b"<!doctype html><title>Sign in</title>", content_type="text/html")
UNTRUSTED = "The update information can’t be trusted"
NO_INFORMATION = "The answer is no update information"
CHANGED = "The download isn’t what was published"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Made once, because signing is slow."""
    return UpdateRepository(tmp_path_factory.mktemp("published"))


@pytest.fixture
def repository(published, tmp_path):
    """A copy of the published files behind the same server, which a test may break."""
    backup = tmp_path / "backup"
    shutil.copytree(published.folder, backup)
    if not published.server._threads:
        published.server.start()
    yield published
    published.instead.clear()
    shutil.rmtree(published.folder)
    shutil.copytree(backup, published.folder)


@pytest.fixture(scope="module", autouse=True)
def _stop_the_server(published):
    yield
    published.server.stop()


@pytest.fixture
def updates(repository, tmp_path):
    updates = TufUpdates(repository.place, tmp_path / "cache", KIND, IMPATIENT)
    yield updates
    updates.close()


async def refused(work) -> UpdateError:
    with pytest.raises(UpdateError) as caught:
        await work
    assert "127.0.0.1" not in caught.value.details()
    return caught.value


async def test_a_release_is_found_and_fetched(updates, tmp_path):
    release = await updates.newest(STABLE)
    assert release.version == "0.1.0"
    assert release.files == {KIND: INSTALLER}
    assert release.notes
    seen: list[tuple[int, int]] = []
    path = await updates.download(release, tmp_path / "Downloads", lambda *at: seen.append(at))
    assert path == tmp_path / "Downloads" / INSTALLER
    assert path.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [found.name for found in path.parent.iterdir()] == [INSTALLER]


async def test_a_file_that_is_there_already_is_not_replaced(updates, tmp_path):
    release = await updates.newest(STABLE)
    (tmp_path / INSTALLER).write_text("mine")
    path = await updates.download(release, tmp_path, lambda *_: None)
    assert path.name == "seam-portal-desktop-0.1.0-linux-x86_64 (2).tar.xz"
    assert path.read_bytes() == CONTENT
    assert (tmp_path / INSTALLER).read_text() == "mine"


@pytest.mark.parametrize(
    "content", [b"x" * len(CONTENT), CONTENT[:-1], CONTENT + b"x"], ids=["changed", "cut", "longer"]
)
async def test_a_changed_file_is_deleted(updates, repository, tmp_path, content):
    release = await updates.newest(STABLE)
    repository.target(INSTALLER).write_bytes(content)
    error = await refused(updates.download(release, tmp_path / "Downloads", lambda *_: None))
    assert error.title == CHANGED
    assert not list((tmp_path / "Downloads").iterdir())


async def test_an_endless_file_ends_at_its_length(updates, repository, tmp_path):
    release = await updates.newest(STABLE)
    address = repository.address_of(repository.target(INSTALLER))
    repository.instead[address] = endless()
    error = await refused(updates.download(release, tmp_path / "Downloads", lambda *_: None))
    assert error.title == CHANGED


async def test_a_changed_channel_is_refused(updates, repository):
    file = repository.target("stable.json")
    file.write_bytes(file.read_bytes().replace(b"0.1.0", b"9.9.9"))
    assert (await refused(updates.newest(STABLE))).title == CHANGED


@pytest.mark.parametrize("name", ["timestamp", "1.snapshot", "1.targets"])
async def test_expired_information_is_refused(updates, repository, name):
    repository.sign_again(name, expires=datetime.now(UTC) - timedelta(days=1))
    error = await refused(updates.newest(STABLE))
    assert error.title == "The update information is out of date"


@pytest.mark.parametrize("name", ["timestamp", "1.snapshot", "1.targets"])
async def test_what_another_key_signed_is_refused(updates, repository, name):
    repository.sign_again(name, key=Ed25519PrivateKey.generate())
    assert (await refused(updates.newest(STABLE))).title == UNTRUSTED


async def test_an_older_state_is_refused(updates, repository):
    old = (repository.repository / "metadata" / "timestamp.json").read_bytes()
    repository.refresh()
    await updates.newest(STABLE)
    repository.instead[TIMESTAMP] = answer(old)
    assert (await refused(updates.newest(STABLE))).title == UNTRUSTED
    repository.instead.clear()
    assert (await updates.newest(STABLE)).version == "0.1.0"


async def test_lost_keys_are_replaced_by_a_newer_root(updates, repository):
    await updates.newest(STABLE)
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (repository.keys / "timestamp.pem").write_bytes(pem)
    repository.refresh()
    assert (await refused(updates.newest(STABLE))).title == UNTRUSTED
    repository.renew_root()
    assert (await updates.newest(STABLE)).version == "0.1.0"


async def test_another_root_of_trust_is_refused(repository, tmp_path):
    other = UpdateRepository(tmp_path / "other")
    other.server.stop()
    place = UpdatePlace(repository.server.url, other.place.root)
    updates = TufUpdates(place, tmp_path / "cache", KIND, IMPATIENT)
    assert (await refused(updates.newest(STABLE))).title == UNTRUSTED
    updates.close()


@pytest.mark.parametrize("path", [TIMESTAMP, "/metadata/2.root.json", "/metadata/1.targets.json"])
@pytest.mark.parametrize(
    ("reply", "titles"),
    [
        (LOGIN, {NO_INFORMATION, CHANGED}),
        (answer(b""), {NO_INFORMATION}),
        (answer(b"[]"), {NO_INFORMATION}),
        (answer(b"[" * 10_000), {NO_INFORMATION, UNTRUSTED}),
        (answer(b"no", status=500), {"The update server refused"}),
        (endless(), {CHANGED}),
        (stall, {"The update server can’t be reached"}),
        (raw_then_close(b"HTTP/1.1 200 OK\r\n"), {"The update server can’t be reached"}),
        (raw_then_close(b"\0\0"), {"The update server can’t be reached"}),
        (
            answer(status=302, headers={"location": "http://updates.example/"}),
            {"The update server can’t be reached"},
        ),
    ],
    ids=["html", "empty", "list", "deep", "500", "endless", "stall", "cut", "noise", "insecure"],
)
async def test_wrong_answers_are_refused(updates, repository, path, reply, titles):
    repository.instead[path] = reply
    assert (await refused(updates.newest(STABLE))).title in titles


async def test_a_redirect_to_plain_http_is_refused(updates, repository, monkeypatch):
    content = (repository.repository / "metadata" / "timestamp.json").read_bytes()
    repository.instead["/elsewhere"] = answer(content)
    address = f"http://localhost:{repository.server.port}/elsewhere"
    repository.instead[TIMESTAMP] = answer(status=302, headers={"location": address})
    assert (await updates.newest(STABLE)).version == "0.1.0"
    monkeypatch.setattr(update_fetch, "is_loopback", lambda host: host == "127.0.0.1")
    assert (await refused(updates.newest(STABLE))).title == "The update server can’t be reached"


async def test_bytes_that_drip_for_ever_end_in_time(updates, repository, tmp_path):
    def drip(exchange):
        exchange.send(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(200):
            exchange.send(b" ")
            if exchange.wait_for_release(0.05):
                return

    repository.instead[TIMESTAMP] = drip
    limits = FetchLimits(read=5, overall=0.3)
    updates = TufUpdates(repository.place, tmp_path / "cache", KIND, limits)
    assert (await refused(updates.newest(STABLE))).title == "The update server is too slow"
    updates.close()


async def test_no_network(repository, tmp_path):
    place = UpdatePlace("http://127.0.0.1:9", repository.place.root)
    updates = TufUpdates(place, tmp_path / "cache", KIND, IMPATIENT)
    error = await refused(updates.newest(STABLE))
    assert error.title == "The update server can’t be reached"
    assert error.can_retry
    updates.close()


async def test_nothing_published_for_a_channel(updates):
    error = await refused(updates.newest(UpdateChannel.BETA))
    assert error.title == "There are no releases there"


async def test_nothing_for_this_computer(repository, tmp_path):
    updates = TufUpdates(repository.place, tmp_path / "cache", "macos-x86_64-dmg", IMPATIENT)
    release = await updates.newest(STABLE)
    error = await refused(updates.download(release, tmp_path, lambda *_: None))
    assert error.title == "There is no download for this computer"
    updates.close()


async def test_a_damaged_cache_is_made_again(updates, tmp_path):
    await updates.newest(STABLE)
    for file in (tmp_path / "cache").glob("*.json"):
        if not file.is_symlink():
            file.write_bytes(b"\0 damaged")
    assert (await updates.newest(STABLE)).version == "0.1.0"


async def test_a_cancelled_fetch_ends_and_leaves_nothing(repository, tmp_path):
    def flow(exchange):
        exchange.send(b"HTTP/1.1 200 OK\r\n\r\n")
        with contextlib.suppress(OSError):
            while not exchange.wait_for_release(0.01):
                exchange.send(b"x")
        ended.set()

    ended = threading.Event()
    patient = FetchLimits(read=60, overall=60)
    updates = TufUpdates(repository.place, tmp_path / "cache", KIND, patient)
    release = await updates.newest(STABLE)
    address = repository.address_of(repository.target(INSTALLER))
    repository.instead[address] = flow
    fetching = asyncio.ensure_future(
        updates.download(release, tmp_path / "Downloads", lambda *_: None)
    )
    await until((tmp_path / "Downloads").exists, "it has begun")
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    assert await asyncio.to_thread(ended.wait, 10)
    repository.instead.clear()
    assert (await updates.newest(STABLE)).version == "0.1.0", "the next one is not in its way"
    assert not list((tmp_path / "Downloads").iterdir())
    updates.close()


def test_a_build_without_a_repository(tmp_path):
    assert UpdatePlace.shipped(tmp_path) is None


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "malformed|truncated"),
        ("{}", "missing required field `url`"),
        ('{"url": "http://updates.example"}', "must start with https"),
    ],
)
def test_an_unusable_repository_is_an_error(tmp_path, source, message):
    (tmp_path / "source.json").write_text(source)
    (tmp_path / "root.json").write_text("{}")
    with pytest.raises(ValueError, match=message):
        UpdatePlace.shipped(tmp_path)


async def test_a_redirect_with_an_endless_body_is_followed(updates, repository):
    content = (repository.repository / "metadata" / "timestamp.json").read_bytes()
    repository.instead["/elsewhere"] = answer(content)

    def endless_redirect(exchange):
        exchange.send(b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\n\r\n")
        while True:
            exchange.send(b" " * 65536)

    repository.instead[TIMESTAMP] = endless_redirect
    assert (await updates.newest(STABLE)).version == "0.1.0"


async def test_redirects_without_an_end(updates, repository):
    repository.instead[TIMESTAMP] = answer(status=302, headers={"location": TIMESTAMP})
    assert (await refused(updates.newest(STABLE))).title == "The update server can’t be reached"


async def test_updates_go_through_a_socks_proxy(repository, tmp_path, monkeypatch):
    with socks_proxy({}) as proxy:
        monkeypatch.setenv("all_proxy", f"socks5://127.0.0.1:{proxy.port}")
        place = UpdatePlace("https://updates.example", repository.place.root)
        updates = TufUpdates(place, tmp_path / "cache", KIND, IMPATIENT)
        error = await refused(updates.newest(STABLE))
        updates.close()
    assert error.title == "The update server can’t be reached"
    assert set(proxy.asked) == {"updates.example"}
