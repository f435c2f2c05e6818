"""Searches for secrets in files and in everything that a running window could show."""

from __future__ import annotations

import base64
import contextlib
import gc
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QObject, QUrl
from PySide6.QtGui import QAccessible, QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

Secrets = Mapping[str, str]
"""Secret texts by a name that may be printed."""


def secrets_of(api_key: str, url: str) -> dict[str, str]:
    """The API key, and the URL of a portal as a whole and in its secret parts."""
    parts = urlsplit(url)
    found = {"api key": api_key, "address": url, "path": parts.path}
    if token := parse_qs(parts.query).get("token"):
        found["token"] = token[0]
        found["end of the token"] = token[0][-11:]  # what a shortened repr would leave
    assert all(len(secret) > 10 for secret in found.values()), "too short to be searched for"
    return found


def _encodings(secret: str) -> Iterator[bytes]:
    yield secret.encode()
    yield secret.encode("utf-16-le")
    yield secret.encode("utf-16-be")
    yield quote(secret, safe="").encode()
    for shift in range(3):  # base64 differs with the position in the text
        encoded = base64.b64encode(b"\0" * shift + secret.encode())
        yield encoded[4:-4]


def leaks(content: bytes, secrets: Secrets) -> list[str]:
    """The names of the secrets in `content`, in any encoding."""
    return [
        name
        for name, secret in secrets.items()
        if any(encoded in content for encoded in _encodings(secret))
    ]


def leaks_in_files(root: Path, secrets: Secrets) -> Iterator[str]:
    """Where a secret is below `root`, in contents or names of files."""
    for path in root.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for name in leaks(content + str(path).encode(), secrets):
            yield f"{name} in {path.relative_to(root)}"


# The engine needs the URL of its page; it is neither shown nor logged.
_ENGINE = ("QWebEngineView", "QWebEnginePage", "PortalPage")


def leaks_in_objects(secrets: Secrets) -> Iterator[str]:
    """Which object of the running program shows or describes a secret, and where."""
    texts = [(where, text.encode("utf-8", "replace")) for where, text in _all_texts()]
    if leaks(b"\n".join(text for _, text in texts), secrets):
        for where, text in texts:
            yield from (f"{name} in {where}" for name in leaks(text, secrets))


def _all_texts() -> Iterator[tuple[str, str]]:
    for thing in _qt_objects():
        kind = type(thing).__name__
        for name, value in _properties(thing):
            if not (kind in _ENGINE and name in ("url", "requestedUrl")):
                yield f"{kind}.{name}", value
        if isinstance(thing, QAbstractItemModel):
            yield from ((f"{kind}'s data", text) for text in _model_texts(thing))
        if isinstance(thing, QWidget | QAction):
            yield from ((f"{kind}'s accessible text", text) for text in _accessible(thing))
    for thing in gc.get_objects():
        if str(type(thing).__module__).startswith("seam_portal_desktop"):
            with contextlib.suppress(RuntimeError):  # its C++ half is deleted
                yield f"repr of {type(thing).__qualname__}", f"{thing!r} {thing!s}"


def _qt_objects() -> Iterator[QObject]:
    app = QApplication.instance()
    roots: Iterable[QObject] = [app, *QApplication.allWidgets()]
    seen: set[int] = set()
    for root in roots:
        for thing in (root, *root.findChildren(QObject)):
            # Reading one object may make Qt replace another, such as a label’s document.
            if id(thing) not in seen and isValid(thing):
                seen.add(id(thing))
                yield thing


def _properties(thing: QObject) -> Iterator[tuple[str, str]]:
    meta = thing.metaObject()
    names = [meta.property(index).name() for index in range(meta.propertyCount())]
    names += [bytes(name.data()).decode() for name in thing.dynamicPropertyNames()]
    for name in names:
        with contextlib.suppress(RuntimeError):  # PySide cannot convert its C++ type
            yield name, _text(thing.property(name))


def _text(value: Any) -> str:
    plain = value.toString() if isinstance(value, QUrl | QKeySequence) else value
    return f"{value!r} {plain}"


def _model_texts(model: QAbstractItemModel) -> Iterator[str]:
    # Lists keep their columnCount private.
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
    for row in range(model.rowCount(QModelIndex())):
        for column in range(columns):
            index = model.index(row, column)
            yield from (_text(value) for value in model.itemData(index).values())
            yield from (_text(model.data(index, role)) for role in range(16))
            yield from (_text(model.data(index, 256 + role)) for role in range(16))


def _accessible(thing: QObject) -> Iterator[str]:
    interface = QAccessible.queryAccessibleInterface(thing)
    if interface is not None and interface.isValid():
        for kind in QAccessible.Text:
            yield interface.text(kind)
