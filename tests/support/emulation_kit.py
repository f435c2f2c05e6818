"""Functions that ask a page in the preview what it sees."""

from __future__ import annotations

import json
from typing import Any

from seam_portal_desktop.ui.preview.view.preview_view import PreviewView

WAIT_MS = 15_000

RESPONSIVE_PAGE = """<!doctype html><html lang="en"><title>Portal</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { margin: 0; background: rgb(255, 255, 255); }
@media (prefers-color-scheme: dark) { body { background: rgb(17, 17, 17); } }
#narrow, #coarse { display: none; }
@media (max-width: 390px) { #narrow { display: block; } }
@media (hover: none) and (pointer: coarse) { #coarse { display: block; } }
button { position: absolute; left: 200px; top: 300px; width: 80px; height: 40px; }
</style>
<p>Welcome</p><p id="narrow">narrow</p><p id="coarse">touch</p>
<button id="press" onclick="window.presses = (window.presses || 0) + 1">Press</button>
<div style="height: 3000px"></div>
<script>
window.first = [innerWidth, innerHeight, devicePixelRatio, navigator.maxTouchPoints,
  'ontouchstart' in window, matchMedia('(prefers-color-scheme: dark)').matches];
window.received = [];
for (const kind of ['touchstart', 'pointerdown', 'click'])
  addEventListener(kind, (e) => received.push(kind + ' ' + (e.pointerType || '')), true);
window.schemes = [];
matchMedia('(prefers-color-scheme: dark)').addEventListener(
  'change', (e) => schemes.push(e.matches));
</script></html>"""


def ask_page(view: PreviewView, qtbot, script: str) -> Any:
    """The value of a JavaScript expression on the view's page. None if it has no value yet."""
    answers: list[str] = []
    web = view.web
    assert web is not None
    web.widget.page().runJavaScript(f"JSON.stringify({script})", answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT_MS)
    return json.loads(answers[0]) if answers[0] else None


def wait_until_page_answers(view: PreviewView, qtbot, script: str, wanted: object) -> None:
    """Wait until the expression has that value."""

    def answers() -> None:
        assert ask_page(view, qtbot, script) == wanted

    qtbot.waitUntil(answers, timeout=WAIT_MS)
