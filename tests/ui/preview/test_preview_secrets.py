"""The link's token is nowhere but in the engine that loads it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QLineEdit

from tests.support.page_server import Answer, page_server
from tests.support.preview_kit import ENGINE_NOISE, TOKEN, press, shown_pane, target

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

WAIT_MS = 15_000
SHORT_SECRET = "n0t4r34lc0d3"

TEXT_TYPES = {"QString", "QStringList", "QByteArray", "QUrl", "QVariant"}
# The engine has to know what it loads; nothing of the program reads these.
ENGINE_ADDRESSES = {"url", "requestedUrl"}


def properties(root):
    """(object, property name, value as text) for everything below `root`."""
    for thing in [root, *root.findChildren(QObject)]:
        meta = thing.metaObject()
        declared = [meta.property(index) for index in range(meta.propertyCount())]
        names = [item.name() for item in declared if item.typeName() in TEXT_TYPES]
        dynamic = [bytes(name.data()).decode() for name in thing.dynamicPropertyNames()]
        names += [name for name in dynamic if not name.startswith(("_q_", "_PySide"))]
        for name in names:
            if isinstance(thing, QWebEngineView | QWebEnginePage) and name in ENGINE_ADDRESSES:
                continue
            value = thing.property(name)
            text = value.toString() if isinstance(value, QUrl) else str(value)
            yield thing, name, text


def leaks(pane, secret):
    return [
        (type(thing).__name__, name) for thing, name, text in properties(pane) if secret in text
    ]


@pytest.mark.parametrize(
    ("path", "secret"),
    [
        (f"/portals/0000/home?token={TOKEN}", TOKEN),
        (f"/{SHORT_SECRET}", SHORT_SECRET),
    ],
)
@pytest.mark.parametrize("status", [200, 410, 503])
def test_no_property_holds_the_secret(qapp, qtbot, path, secret, status):
    with page_server() as site, shown_pane(qapp) as (pane, received):
        page = "<title>Portal</title><h1>Portal</h1>"
        site.pages[path.split("?")[0]] = Answer(page, status=status)
        pane.show_portal(target(site.url(path)))
        assert leaks(pane, secret) == []
        qtbot.waitUntil(lambda: bool(received.rendered or received.failed), timeout=WAIT_MS)
        assert leaks(pane, secret) == []
        press(pane, "Open in browser")
        assert leaks(pane, secret) == []
        assert secret not in pane.window().windowTitle()
        assert secret not in repr(pane.first.target)


def test_the_walk_would_find_a_leak(qapp):
    with shown_pane(qapp) as (pane, _):
        pane.findChild(QLineEdit).setToolTip(f"?token={TOKEN}")
        assert leaks(pane, TOKEN) == [("_AddressField", "toolTip")]


def test_copying_the_address_copies_what_is_shown(qapp, qtbot):
    with page_server() as site, shown_pane(qapp) as (pane, received):
        pane.show_portal(target(site.url()))
        qtbot.waitUntil(lambda: bool(received.rendered), timeout=WAIT_MS)
        field = pane.findChild(QLineEdit)
        pane.activateWindow()
        field.setFocus()
        qtbot.waitUntil(field.hasFocus, timeout=WAIT_MS)
        field.selectAll()
        field.copy()
        copied = QGuiApplication.clipboard().text()
        assert copied == f"127.0.0.1:{site.port}/portals/… ••••"
        assert field.isReadOnly()


def test_a_narrow_address_keeps_the_end_of_the_host(qapp):
    with shown_pane(qapp) as (pane, _):
        pane.resize(300, 400)
        pane.show_portal(target(f"https://{'x' * 60}.portal.example/p"))
        text = pane.findChild(QLineEdit).text()
        pane.first.stop()
        assert text.endswith("portal.example")
        assert text.startswith("…")
