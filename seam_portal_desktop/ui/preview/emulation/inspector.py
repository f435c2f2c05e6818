"""Sends commands of the engine's DevTools protocol to one page, inside this process.

Qt's API can't set a page's light or dark preference, its touch screen or its pixel ratio. The
protocol of the developer tools can (https://chromedevtools.github.io/devtools-protocol). For the
developer tools, Qt connects a second page to the inspected one. This module makes such a second
page, and a script stops it from loading the tools. It then only sends our commands. That costs
0.1 s and one small process. A remote debugging port isn't used: through it, any program on this
machine could take over a live portal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineLoadingInfo,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineScript,
)

_ANSWER_TIMEOUT_MS = 3_000
_ANSWER = "answer "
_FIRST_ID_BESIDE_TOOLS = 1_000_000_000
"""Our ids begin here while the developer tools are open. The tools use lower ids, so they ignore
the answers to ours."""

# Chromium calls DevToolsAPI with the answers and takes commands from DevToolsHost. Both exist only
# at the address of the developer tools' front end. A long answer comes in pieces. The first piece
# comes with the length of all of them. The script keeps a wanted result until it is fetched.
_SCRIPT = f"""
window.stop();
window.wanted = new Set();
window.kept = new Map();
window.fetchKept = (id) => {{ const result = kept.get(id); kept.delete(id); return result; }};
let pieces = '', length = 0;
const receive = (message) => {{
    const answer = typeof message === 'string' ? JSON.parse(message) : message;
    if (answer.id === undefined) return;
    if (wanted.delete(answer.id)) kept.set(answer.id, JSON.stringify(answer.result ?? null));
    console.info('{_ANSWER}' + answer.id + (answer.error ? ' no' : ''));
}};
window.DevToolsAPI = new Proxy({{
    dispatchMessage: receive,
    dispatchMessageChunk(piece, size) {{
        if (size) {{ pieces = ''; length = size; }}
        pieces += piece;
        if (pieces.length === length) {{ receive(pieces); pieces = ''; }}
    }},
}}, {{ get: (api, name) => api[name] ?? (() => undefined) }});
"""

OnAnswer = Callable[[dict[str, Any] | None], None]
"""Gets a command's result as the protocol's reference describes it, or None if there is none."""


class PageInspector(QObject):
    """Sends commands to one page, in order. `end()` takes all of them back.

    `unavailable` is emitted if the engine doesn't answer or ends.
    """

    unavailable = Signal()

    def __init__(
        self, page: QWebEnginePage, parent: QObject, tools: QWebEnginePage | None = None
    ) -> None:
        """`tools` is the developer tools' page while they inspect `page`. Only one page can inspect
        another, so the commands then go through `tools`."""
        super().__init__(parent)
        self._own_parts: list[QObject] = []
        self._is_open = False
        self._last = 0 if tools is None else _FIRST_ID_BESIDE_TOOLS
        self._waiting: list[str] = []
        self._done: dict[int, Callable[[], None]] = {}
        self._on_answers: dict[int, OnAnswer] = {}
        self._has_ended = False
        self._answer_timer = QTimer(self, singleShot=True, interval=_ANSWER_TIMEOUT_MS)
        self._answer_timer.timeout.connect(self._give_up)
        self._page = tools if tools is not None else self._open_hidden_page()
        self._page.loadingChanged.connect(self._on_loading_changed)
        self._page.setInspectedPage(page)

    def _open_hidden_page(self) -> QWebEnginePage:
        # Qt's own profile: deleting one could block the window (see `ProfileRemover`).
        page = _HiddenPage(QWebEngineProfile.defaultProfile())
        self._own_parts = [page]
        page.answered.connect(self._on_console_answer)
        page.renderProcessTerminated.connect(self._give_up)
        script = QWebEngineScript()
        script.setSourceCode(_SCRIPT)
        script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
        script.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld.value)
        page.scripts().insert(script)
        self._answer_timer.start()
        return page

    def send(
        self, method: str, params: Mapping[str, Any], done: Callable[[], None] | None = None
    ) -> None:
        """Run `method` of the protocol; `done` is called when it is in force."""
        self._last += 1
        if done is not None and self._own_parts:
            self._done[self._last] = done
        self._enqueue(method, params)
        if done is not None and not self._own_parts:
            done()  # the open tools get the answers, and we don't

    def ask(
        self, method: str, params: Mapping[str, Any], on_answer: OnAnswer, *, limit_ms: int
    ) -> None:
        """Run `method` and call `on_answer` with its result.

        It gets None after `limit_ms`. It also gets None while the developer tools are open, because
        then they get the answers.
        """
        self._last += 1
        number = self._last
        if self._has_ended or not self._own_parts:
            QTimer.singleShot(0, self, lambda: on_answer(None))
            return
        self._on_answers[number] = on_answer
        self._waiting.append(f"wanted.add({number});")
        self._enqueue(method, params)
        QTimer.singleShot(limit_ms, self, lambda: self._answer(number, None))

    def _enqueue(self, method: str, params: Mapping[str, Any]) -> None:
        message = json.dumps({"id": self._last, "method": method, "params": params})
        call = json.dumps(
            {"id": self._last, "method": "dispatchProtocolMessage", "params": [message]}
        )
        self._waiting.append(f"DevToolsHost.sendMessageToEmbedder({json.dumps(call)});")
        self._flush()

    def end(self) -> None:
        """Leave the page as it was. Call it before the page is deleted. Idempotent."""
        self._answer_timer.stop()
        self._done.clear()
        self._has_ended = True
        for number in list(self._on_answers):
            self._answer(number, None)
        for part in self._own_parts:
            if shiboken6.isValid(part):
                shiboken6.delete(part)

    def _on_loading_changed(self, info: QWebEngineLoadingInfo) -> None:
        if info.status() is QWebEngineLoadingInfo.LoadStatus.LoadStartedStatus or self._is_open:
            return
        # The script stopped the load.
        self._is_open = True
        self._flush()

    def _flush(self) -> None:
        if self._is_open and self._waiting:
            self._page.runJavaScript("".join(self._waiting))
            self._waiting.clear()

    def _on_console_answer(self, text: str) -> None:
        self._answer_timer.stop()
        answer, _, refused = text.removeprefix(_ANSWER).partition(" ")
        number = int(answer)
        if number in self._on_answers:
            self._fetch(number)
        elif refused:
            self._give_up()
        elif done := self._done.pop(number, None):
            done()

    def _fetch(self, number: int) -> None:
        def on_answer(result: object) -> None:
            self._answer(number, json.loads(result) if isinstance(result, str) and result else None)

        world = QWebEngineScript.ScriptWorldId.MainWorld.value
        self._page.runJavaScript(f"fetchKept({number})", world, on_answer)

    def _answer(self, number: int, result: dict[str, Any] | None) -> None:
        on_answer = self._on_answers.pop(number, None)
        if on_answer is not None:
            on_answer(result)

    def _give_up(self) -> None:
        self._answer_timer.stop()
        if self._has_ended:
            return
        self._has_ended = True
        self._done.clear()
        for number in list(self._on_answers):
            self._answer(number, None)
        self.unavailable.emit()


class _HiddenPage(QWebEnginePage):
    """Emits the answers. The script writes them to the console, and Qt calls us for each line."""

    answered = Signal(str)

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,  # noqa: ARG002
        message: str,
        lineNumber: int,  # noqa: ARG002, N803 - Qt's name
        sourceID: str,  # noqa: ARG002, N803 - Qt's name
    ) -> None:
        if message.startswith(_ANSWER):
            self.answered.emit(message)
