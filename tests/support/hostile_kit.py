"""A hostile page in a real preview: it reports from inside what it could do, and what it not."""

from __future__ import annotations

import json

from PySide6.QtCore import QPoint, Qt

from seam_portal_desktop.ui.preview.pane import PreviewPane
from tests.support.page_server import Answer, PageServer
from tests.support.preview_kit import TOKEN, Recorder, target

WAIT_MS = 15_000
PATH = "/portals/hostile"
POP_UP = "/portals/pop-up"

# Fills the page, so that a click anywhere in it is a click on it.
EVERYWHERE = "style='position:fixed;inset:0;display:block'"

PRELUDE = """<!doctype html><meta charset=utf-8><title>Portal</title><h1>Portal</h1><script>
function tell(what, found) {
  fetch('/told', { method: 'POST', body: JSON.stringify([what, found ?? null]), keepalive: true });
}
async function attempt(what, act) {
  try { tell(what, ['got', String(await act())]); }
  catch (failure) { tell(what, ['refused', String(failure?.name ?? failure)]); }
}
function loading(thing) {
  return new Promise((done, refused) => {
    thing.onload = thing.onopen = () => done('loaded');
    thing.onerror = () => refused('error');
  });
}
function onClick(act) { addEventListener('click', () => act(), { once: true }); }
</script>"""

_PAINTED = "performance.getEntriesByName('first-contentful-paint').length"


class Hostile:
    """One pane with one hostile page, and what there is to know about both."""

    def __init__(self, pane: PreviewPane, heard: Recorder, site: PageServer, qtbot) -> None:
        self.pane = pane
        self.heard = heard
        self.site = site
        self._qtbot = qtbot

    def write(self, script: str, body: str = "", *, path: str = PATH) -> str:
        """Serve a page with that body and, at its end, that script. Returns its address."""
        self.site.pages[path] = Answer(body=f"{PRELUDE}{body}<script>{script}</script>")
        return self.site.url(f"{path}?token={TOKEN}")

    def open(self, script: str, body: str = "") -> None:
        """Open such a page, and wait until it is rendered."""
        self.show(self.write(script, body))
        self.until(lambda: self.heard.rendered == ["portal-1"])

    def show(self, url: str) -> None:
        self.pane.show_portal(target(url))

    @property
    def web(self):
        return self.pane.first.web

    @property
    def children(self):
        return self.web.popups._popups

    def click(self, view=None) -> None:
        """A real click near the upper left corner: what Chromium calls a user's gesture."""
        view = view or self.web.widget
        # A page that hasn't been painted yet has nothing that could be hit.
        self.until(lambda: self.run(_PAINTED, view.page()) > 0)
        hands = view.focusProxy()
        self._qtbot.mouseClick(hands, Qt.MouseButton.LeftButton, pos=QPoint(60, 60), delay=20)

    def until(self, condition) -> None:
        self._qtbot.waitUntil(condition, timeout=WAIT_MS)

    def has_told(self, what: str) -> bool:
        return what in self._reports()

    def told(self, what: str):
        """Wait for what the page reports under that name."""
        self.until(lambda: self.has_told(what))
        return self._reports()[what]

    def refused(self, what: str) -> str:
        """Wait for an attempt that must have failed, and return how the page was told."""
        outcome, how = self.told(what)
        assert outcome == "refused", f"{what}: the page got {how}"
        return how

    def noticed(self, words: str) -> None:
        """Wait for a quiet notice with these words; there must be exactly one."""
        self.until(lambda: any(words in text for text in self.heard.notices))
        assert sum(words in text for text in self.heard.notices) == 1

    def run(self, script: str, page=None):
        """Evaluate an expression on the page."""
        answers: list[str] = []
        page = page or self.web.widget.page()
        page.runJavaScript(f"JSON.stringify({script})", answers.append)
        self.until(lambda: bool(answers))
        return json.loads(answers[0]) if answers[0] else None

    def is_still_the_portal(self) -> bool:
        """The page is there, shown as itself, and nothing was handed to another program."""
        still = self.run("[document.querySelector('h1').innerText, location.pathname]")
        return (
            still == ["Portal", PATH]
            and self.pane.is_loaded
            and self.heard.external == []
            and self.heard.failed == []
        )

    def _reports(self) -> dict:
        bodies = [body for path, body in list(self.site.posted) if path == "/told"]
        return dict(json.loads(body) for body in bodies)
