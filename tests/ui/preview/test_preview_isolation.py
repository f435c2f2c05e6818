"""What a page keeps in the browser ends with its preview: no other preview and no disk has it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.page_server import Answer, PageServer, page_server
from tests.support.preview_kit import ENGINE_NOISE, shown_pane, target

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

WAIT_MS = 20_000
ROOT = Path(__file__).parents[3]
MARK = "kept-by-the-page-5f1c"
PLACES = {
    "cookie",
    "localStorage",
    "sessionStorage",
    "indexedDB",
    "cacheStorage",
    "serviceWorker",
    "httpCache",
    "fileSystem",
}

# The page first says what it finds of a visit before, then leaves its mark in every place and
# reads it back: a place that couldn't be written would prove nothing.
PAGE = """<!doctype html><title>Keeps</title><p>Keeps</p><script>
const mark = '%(mark)s';
const ask = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});
const database = async () => {
  const request = indexedDB.open('kept', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('kept');
  return ask(request);
};
const read = {
  cookie: async () => document.cookie.includes(mark),
  localStorage: async () => localStorage.kept === mark,
  sessionStorage: async () => sessionStorage.kept === mark,
  indexedDB: async () =>
    (await ask((await database()).transaction('kept').objectStore('kept').get('kept'))) === mark,
  cacheStorage: async () => Boolean(await caches.match('/kept-in-cache')),
  serviceWorker: async () => (await navigator.serviceWorker.getRegistrations()).length > 0,
  httpCache: async () => (await (await fetch('/once')).text()) === (window.before || 'never'),
  fileSystem: async () => {
    try { await (await navigator.storage.getDirectory()).getFileHandle(mark); return true; }
    catch { return false; }
  },
};
const write = {
  cookie: async () => { document.cookie = `kept=${mark};max-age=86400`; },
  localStorage: async () => { localStorage.kept = mark; },
  sessionStorage: async () => { sessionStorage.kept = mark; },
  indexedDB: async () => {
    const change = (await database()).transaction('kept', 'readwrite');
    await ask(change.objectStore('kept').put(mark, 'kept'));
  },
  cacheStorage: async () => (await caches.open('kept')).put('/kept-in-cache', new Response(mark)),
  serviceWorker: async () => {
    await navigator.serviceWorker.register('/worker.js');
    await navigator.serviceWorker.ready;
  },
  httpCache: async () => { window.before = await (await fetch('/once')).text(); },
  fileSystem: async () => {
    const handle = await (await navigator.storage.getDirectory())
      .getFileHandle(mark, {create: true});
    const file = await handle.createWritable();
    await file.write(mark); await file.close();
  },
};
const present = async () => {
  const found = [];
  for (const [place, look] of Object.entries(read)) {
    try { if (await look()) found.push(place); } catch (error) { found.push(`${place}: ${error}`); }
  }
  return found;
};
(async () => {
  const before = await present();
  const failed = [];
  for (const [place, put] of Object.entries(write)) {
    try { await put(); } catch (error) { failed.push(`${place}: ${error}`); }
  }
  const after = await present();
  const visit = new URLSearchParams(location.search).get('visit');
  await fetch('/report?' + new URLSearchParams(
    {visit, report: JSON.stringify({before, failed, after})}));
})();
</script>""" % {"mark": MARK}  # noqa: UP031 - the page is full of braces


def serve_keeper(site: PageServer) -> None:
    site.pages["/portals/keeps"] = Answer(PAGE)
    site.pages["/worker.js"] = Answer(
        "addEventListener('install', () => skipWaiting())",
        headers={"Content-Type": "text/javascript"},
    )
    site.pages["/once"] = Answer("once", headers={"Cache-Control": "max-age=86400"})


def report_of(site: PageServer, visit: str) -> dict[str, list[str]] | None:
    for asked in list(site.asked):
        parts = urlsplit(asked)
        words = parse_qs(parts.query)
        if parts.path == "/report" and words["visit"] == [visit]:
            return json.loads(words["report"][0])
    return None


def asked_once(site: PageServer) -> int:
    return sum(urlsplit(asked).path == "/once" for asked in site.asked)


def test_the_next_preview_finds_nothing_of_the_one_before(qapp, qtbot):
    with page_server() as site, shown_pane(qapp) as (pane, _answer_of):
        serve_keeper(site)
        for visit in ("first", "second"):
            pane.show_portal(target(site.url(f"/portals/keeps?visit={visit}"), visit))
            qtbot.waitUntil(lambda visit=visit: report_of(site, visit) is not None, timeout=WAIT_MS)
            # A place is proved empty only if it can be filled.
            assert report_of(site, visit)["failed"] == []
            assert set(report_of(site, visit)["after"]) == PLACES
            # The engine's cache served the second reading within a visit, and none across visits.
            assert asked_once(site) == (1 if visit == "first" else 2)
        assert report_of(site, "second")["before"] == []


def test_the_same_preview_loaded_again_still_has_what_it_kept(qapp, qtbot):
    """Or the test above would pass for a browser that forgets everything at once."""
    with page_server() as site, shown_pane(qapp) as (pane, received):
        serve_keeper(site)
        pane.show_portal(target(site.url("/portals/keeps?visit=one"), "one"))
        qtbot.waitUntil(lambda: report_of(site, "one") is not None, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: received.rendered == ["one"], timeout=WAIT_MS)
        site.asked.clear()
        pane.reload()
        qtbot.waitUntil(lambda: report_of(site, "one") is not None, timeout=WAIT_MS)
        found = set(report_of(site, "one")["before"])
    assert found >= PLACES - {"httpCache"}


PROGRAM = """
import asyncio, sys
import qasync
from seam_portal_desktop import runtime
from tests.support.preview_kit import shown_pane, target

app = runtime.create_application(sys.argv[:1])

async def main():
    done = asyncio.Event()
    with shown_pane(app) as (pane, received):
        pane.rendered.connect(lambda *_: done.set())
        pane.show_portal(target(sys.argv[1]))
        await asyncio.wait_for(done.wait(), 30)
        await asyncio.to_thread(sys.stdin.readline)  # until the page has said what it did

with qasync.QEventLoop(app) as loop:
    loop.run_until_complete(main())
"""


def test_nothing_new_is_on_the_disk_afterwards(tmp_path):
    with page_server() as site:
        serve_keeper(site)
        run_preview(site, "warm", tmp_path)  # fonts and shaders are the machine's, not the page's
        before = tree(tmp_path)
        run_preview(site, "kept", tmp_path)
        assert report_of(site, "kept")["before"] == []
        assert set(report_of(site, "kept")["after"]) == PLACES
    assert tree(tmp_path) == before
    assert [path for path, content in contents(tmp_path) if MARK.encode() in content] == []


def run_preview(site: PageServer, visit: str, home: Path) -> None:
    places = {
        name: str(home / name.lower())
        for name in (
            "XDG_DATA_HOME",
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "XDG_STATE_HOME",
            "TMPDIR",
        )
    }
    for place in places.values():
        Path(place).mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, site.url(f"/portals/keeps?visit={visit}")],
        cwd=ROOT,
        env={**os.environ, **places, "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        waits = 0
        while report_of(site, visit) is None:
            assert process.poll() is None
            waits += 1
            assert waits < 600, "The page never said what it did."
            site.closing.wait(0.05)
        process.communicate("\n", timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0


def contents(folder: Path) -> list[tuple[str, bytes]]:
    return [
        (str(path.relative_to(folder)), path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    ]


def tree(folder: Path) -> dict[str, str]:
    return {path: hashlib.sha256(content).hexdigest() for path, content in contents(folder)}
