"""A shown preview pane, and functions that read and click it, for tests with real pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.page.target import PreviewOptions
from seam_portal_desktop.ui.preview.pane import PreviewPane, PreviewTarget
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOKEN = "seam_cst_not_a_real_token"

# Messages of Chromium and the offscreen platform on a machine without graphics.
ENGINE_NOISE = (
    "QRhi",
    "Failed to create RHI",
    "GPUInfo not initialized",
    "This plugin does not support propagateSizeHints",
    "Sandboxing disabled by user",
)


class Recorder:
    """The signals of a pane, in order."""

    def __init__(self, pane: PreviewPane) -> None:
        self.rendered: list[str] = []
        self.failed: list[tuple[str, str]] = []
        self.notices: list[str] = []
        self.opened: list[str] = []
        self.external: list[Secret] = []
        self.new_links: list[str] = []
        self.backs = 0
        pane.rendered.connect(self.rendered.append)
        pane.failed.connect(lambda portal, kind: self.failed.append((portal, kind)))
        pane.notice.connect(self.notices.append)
        pane.open_externally_requested.connect(self.opened.append)
        pane.external_link_requested.connect(self.external.append)
        pane.new_link_requested.connect(self.new_links.append)
        pane.back_requested.connect(self._count_back)

    def _count_back(self) -> None:
        self.backs += 1


@contextmanager
def shown_pane(app: QApplication, **options) -> Iterator[tuple[PreviewPane, Recorder]]:
    """A pane on the screen with fixed time; shut down at the end, as the program does."""
    theme = Theme(app)
    theme.install()
    pane = PreviewPane(theme, Icons(theme), clock=lambda: NOW, options=PreviewOptions(**options))
    recorder = Recorder(pane)
    layout = pane.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.insertWidget(0, pane.toolbar)  # in the program the window has it
    pane.resize(480, 640)
    pane.show()
    try:
        yield pane, recorder
    finally:
        pane.shutdown()
        pane.close()
        pane.deleteLater()
        theme.deleteLater()
        app.setStyleSheet("")


def target(url: str, portal_id: str = "portal-1", *, days: float = 6) -> PreviewTarget:
    return PreviewTarget(portal_id, "harbor-hotel", Secret(url), NOW + timedelta(days=days))


def visible_texts(widget: QWidget) -> list[str]:
    """Labels, buttons and fields that can be seen."""
    kinds = (QLabel, QPushButton, QLineEdit)
    return [
        child.text()
        for kind in kinds
        for child in widget.findChildren(kind)
        if child.isVisibleTo(widget) and child.text()
    ]


def shows_text(pane: PreviewPane, text: str) -> bool:
    return any(text in shown for shown in visible_texts(pane))


def press(pane: PreviewPane, words: str) -> None:
    """Click the visible button with that text or accessible name."""
    for kind in (QPushButton, QToolButton):
        for button in pane.findChildren(kind):
            named = words in (button.text(), button.accessibleName())
            if named and button.isVisibleTo(pane) and button.isEnabled():
                button.click()
                return
    raise AssertionError(f"There is no button {words!r} among {visible_texts(pane)}")


def shows_color(image: QImage, color: str) -> bool:
    """Whether the middle of `image` is about that colour."""
    seen, wanted = image.pixelColor(image.rect().center()), QColor(color)
    pairs = zip(seen.getRgb()[:3], wanted.getRgb()[:3], strict=True)
    return all(abs(one - other) < 12 for one, other in pairs)
