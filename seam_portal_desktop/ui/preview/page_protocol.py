"""Chromium's DevTools protocol to one page, spoken inside this process.

Qt has no call that takes a picture of a whole page or changes what one page is told of colours and
fingers; the protocol has. Its usual way in is a port, through which every program of this machine
could take over a page that is logged in. Here Qt's own developer tools are loaded instead, out of
sight, and their line to the page is borrowed: no port is open at any time.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineScript

_LOAD_LIMIT_MS = 10_000
_CALL_LIMIT_MS = 20_000
_FIRST_ID = 1_000_000_000
"""Far above the numbers that the developer tools count up for themselves."""

_MARK = "page protocol answered "

# The tools' own answers go their way; ours are kept until they are fetched by number. Long ones
# come in pieces, of which the first says the length of the whole.
_BORROW = """((first, mark) => {
  const kept = new Map(), tools = DevToolsAPI.dispatchMessage;
  let piece = '', length = 0;
  const take = (text) => {
    const at = text.slice(0, 40).match(/^\\{"id":(\\d+)/);
    if (!at || Number(at[1]) < first) return false;
    kept.set(Number(at[1]), text);
    console.log(mark + at[1]);
    return true;
  };
  DevToolsAPI.dispatchMessage = function (text) {
    return take(text) ? undefined : tools.apply(this, arguments);
  };
  DevToolsAPI.dispatchMessageChunk = function (text, size) {
    if (size) { piece = ''; length = size; }
    piece += text;
    if (piece.length === length) DevToolsAPI.dispatchMessage(piece);
  };
  window.takeKept = (id) => { const text = kept.get(id); kept.delete(id); return text; };
})"""

Answer = Callable[[dict[str, Any] | None], None]
"""Gets a call's `result`, or None when it failed, took too long, or there is no line."""


class PageProtocol(QObject):
    """Calls to `page`, in order. `destroy()` before the page goes; calls on their way get None.

    Loading takes about half a second and a process of its own, so make one when it is needed.
    A QtWebEngine that was shipped without its developer tools answers every call with None.
    """

    def __init__(
        self, page: QWebEnginePage, parent: QObject, *, call_limit_ms: int = _CALL_LIMIT_MS
    ) -> None:
        super().__init__(parent)
        self._call_limit_ms = call_limit_ms
        self._page: QWebEnginePage | None = page
        self._ready = False
        self._next_id = _FIRST_ID
        self._waiting: dict[int, Answer] = {}
        self._not_sent: list[tuple[int, str]] = []
        self._profile = QWebEngineProfile()
        self._tools = _Tools(self._profile, self._fetch)
        self._tools.loadFinished.connect(self._begin)
        self._load_limit = QTimer(self, singleShot=True, interval=_LOAD_LIMIT_MS)
        self._load_limit.timeout.connect(self._give_up)
        self._load_limit.start()
        page.setDevToolsPage(self._tools)

    def call(self, method: str, parameters: dict[str, Any], answer: Answer) -> None:
        """Ask for `method` (source: the DevTools protocol's reference); `answer` comes later."""
        if self._page is None:
            QTimer.singleShot(0, self, lambda: answer(None))
            return
        number = self._next_id
        self._next_id += 1
        self._waiting[number] = answer
        message = json.dumps({"id": number, "method": method, "params": parameters})
        if self._ready:
            self._send(number, message)
        else:
            self._not_sent.append((number, message))

    def destroy(self) -> None:
        """Close the line. Idempotent."""
        self._give_up()
        for part in (self._tools, self._profile):
            if shiboken6.isValid(part):
                shiboken6.delete(part)

    def _begin(self, loaded: bool) -> None:  # noqa: FBT001 - a signal's argument
        if self._ready or self._page is None:
            return
        self._load_limit.stop()
        if not loaded:
            self._give_up()
            return
        self._run(f"{_BORROW}({_FIRST_ID}, {json.dumps(_MARK)})", _nothing)
        self._ready = True
        for number, message in self._not_sent:
            self._send(number, message)
        self._not_sent.clear()

    def _send(self, number: int, message: str) -> None:
        self._run(f"InspectorFrontendHost.sendMessageToBackend({json.dumps(message)})", _nothing)
        QTimer.singleShot(self._call_limit_ms, self, lambda: self._answer(number, None))

    def _fetch(self, number: int) -> None:
        def hear(text: object) -> None:
            result = json.loads(text).get("result") if isinstance(text, str) and text else None
            self._answer(number, result)

        self._run(f"takeKept({number})", hear)

    def _answer(self, number: int, result: dict[str, Any] | None) -> None:
        answer = self._waiting.pop(number, None)
        if answer is not None:
            answer(result)

    def _run(self, script: str, hear: Callable[[object], None]) -> None:
        if shiboken6.isValid(self._tools):
            world = QWebEngineScript.ScriptWorldId.MainWorld.value
            self._tools.runJavaScript(script, world, hear)

    def _give_up(self) -> None:
        self._load_limit.stop()
        page, self._page = self._page, None
        if page is not None and shiboken6.isValid(page):
            page.setDevToolsPage(None)  # type: ignore[arg-type]
        for number in list(self._waiting):
            self._answer(number, None)


class _Tools(QWebEnginePage):
    """The developer tools' own page. Nobody sees it, and it logs nothing."""

    def __init__(self, profile: QWebEngineProfile, answered: Callable[[int], None]) -> None:
        super().__init__(profile)
        self._answered = answered

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,  # noqa: ARG002 - Qt's signature
        message: str,
        lineNumber: int,  # noqa: ARG002, N803 - Qt's signature
        sourceID: str,  # noqa: ARG002, N803 - Qt's signature
    ) -> None:
        number = message.removeprefix(_MARK)
        if number != message and number.isdecimal():
            self._answered(int(number))


def _nothing(_answer: object) -> None:
    """For a script whose answer comes in another way."""
