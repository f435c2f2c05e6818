"""A hostile page in a real preview. The page reports which of its attempts succeeded."""

from __future__ import annotations

import json

from PySide6.QtCore import QPoint, Qt

from seam_portal_desktop.ui.preview.pane import PreviewPane
from tests.support.page_server import Answer, PageServer
from tests.support.preview_kit import TOKEN, Recorder, target

WAIT_MS = 15_000
PATH = "/portals/hostile"
POP_UP = "/portals/pop-up"

# The element fills the page, so that a click anywhere on the page is a click on it.
FULL_PAGE = "style='position:fixed;inset:0;display:block'"

PRELUDE = """<!doctype html><meta charset=utf-8><title>Portal</title><h1>Portal</h1><script>
function report(name, value) {
  const body = JSON.stringify([name, value ?? null]);
  fetch('/reports', { method: 'POST', body, keepalive: true });
}
async function attempt(name, act) {
  try { report(name, ['got', String(await act())]); }
  catch (failure) { report(name, ['refused', String(failure?.name ?? failure)]); }
}
function loading(element) {
  return new Promise((resolve, reject) => {
    element.onload = element.onopen = () => resolve('loaded');
    element.onerror = () => reject('error');
  });
}
function onClick(act) { addEventListener('click', () => act(), { once: true }); }
</script>"""

_PAINTED = "performance.getEntriesByName('first-contentful-paint').length"


class Hostile:
    """One pane with one hostile page. `signals` are those of the pane."""

    def __init__(self, pane: PreviewPane, signals: Recorder, site: PageServer, qtbot) -> None:
        self.pane = pane
        self.signals = signals
        self.site = site
        self._qtbot = qtbot

    def write(self, script: str, body: str = "", *, path: str = PATH) -> str:
        """Serve a page with that body and, at its end, that script. Returns its address."""
        self.site.pages[path] = Answer(body=f"{PRELUDE}{body}<script>{script}</script>")
        return self.site.url(f"{path}?token={TOKEN}")

    def open(self, script: str, body: str = "") -> None:
        """Open such a page, and wait until it is rendered."""
        self.show(self.write(script, body))
        self.until(lambda: self.signals.rendered == ["portal-1"])

    def show(self, url: str) -> None:
        self.pane.show_portal(target(url))

    @property
    def web(self):
        return self.pane.first.web

    @property
    def cards(self):
        """The pop-ups' cards, the newest last."""
        return self.pane.first._popup_stack.cards()

    def click(self, view=None) -> None:
        """Click near the upper left corner. For Chromium it is a user's gesture."""
        view = view or self.web.widget
        # A click has no effect on a page that isn't painted yet.
        self.until(lambda: self.run(_PAINTED, view.page()) > 0)
        self._qtbot.mouseClick(
            view.focusProxy(), Qt.MouseButton.LeftButton, pos=QPoint(60, 60), delay=20
        )

    def until(self, condition) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT_MS)

    def has_report(self, name: str) -> bool:
        return name in reports_to(self.site)

    def report(self, name: str):
        """Wait for the page's report with that name, and return its value."""
        self.until(lambda: self.has_report(name))
        return reports_to(self.site)[name]

    def refusal(self, name: str) -> str:
        """Wait for an attempt that must have failed, and return the error's name."""
        outcome, value = self.report(name)
        assert outcome == "refused", f"{name}: the page got {value}"
        return value

    def expect_notice(self, words: str) -> None:
        """Wait for a notice with these words; there must be exactly one."""
        self.until(lambda: any(words in text for text in self.signals.notices))
        assert sum(words in text for text in self.signals.notices) == 1

    def run(self, script: str, page=None):
        """Evaluate an expression on the page."""
        answers: list[str] = []
        page = page or self.web.widget.page()
        page.runJavaScript(f"JSON.stringify({script})", answers.append)
        self.until(lambda: bool(answers))
        return json.loads(answers[0]) if answers[0] else None

    def is_still_the_portal(self) -> bool:
        """The portal's page is still shown, and no address was passed to another program."""
        shown = self.run("[document.querySelector('h1').innerText, location.pathname]")
        return (
            shown == ["Portal", PATH]
            and self.pane.is_loaded
            and self.signals.external == []
            and self.signals.failed == []
        )


def reports_to(site: PageServer) -> dict:
    """What pages with the PRELUDE have reported to that server, by name."""
    return dict(json.loads(body) for path, body in list(site.posted) if path == "/reports")
