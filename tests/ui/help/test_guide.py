"""The user guide: complete, found by words, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.bootstrap.help import _read_guide
from seam_portal_desktop.paths import resource
from seam_portal_desktop.ui.help.guide import GuideWindow
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

FOLDER = Path(__file__).parents[3] / "docs" / "guide"
GUIDE = _read_guide(resource("guide"))
PAGES = list(GUIDE.pages)


@pytest.fixture
def own_theme(qapp):
    before = qapp.styleSheet(), qapp.palette()
    theme = Theme(qapp)
    theme.install()
    yield theme
    theme.set_appearance("system")
    theme.deleteLater()
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])


@pytest.fixture
def window(own_theme, qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    window = GuideWindow(GUIDE, own_theme, Icons(own_theme), parent)
    window.show()
    qtbot.waitExposed(window)
    yield window
    parent.close()


def titles(window: GuideWindow) -> list[str]:
    rows = range(window.contents.count())
    return [
        window.contents.item(row).text() for row in rows if not window.contents.item(row).isHidden()
    ]


@pytest.mark.parametrize("name", PAGES)
def test_links_and_pictures_of_a_page_exist(name):
    text = GUIDE.pages[name]
    assert text.startswith("# ")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert (FOLDER / target).is_file(), target
        if target.endswith(".png"):
            assert target.endswith("-light.png")
            assert target in GUIDE.pictures
            assert target.replace("-light", "-dark") in GUIDE.pictures


def test_no_picture_is_left_over_and_together_they_are_small():
    used = set(re.findall(r"pictures/[a-z-]+-light\.png", "".join(GUIDE.pages.values())))
    assert {name for name in GUIDE.pictures if "-light" in name} == used
    assert sum(map(len, GUIDE.pictures.values())) < 1_500_000


def test_the_contents_on_the_web_are_those_of_the_program():
    links = re.findall(r"\d\. \[(.+)\]\((.+)\)", (FOLDER / "README.md").read_text("utf-8"))
    assert [name for _, name in links] == PAGES
    assert [title for title, _ in links] == [
        text.splitlines()[0].removeprefix("# ") for text in GUIDE.pages.values()
    ]


def test_each_page_is_shown_with_its_pictures(window):
    for row, name in enumerate(PAGES):
        window.contents.setCurrentRow(row)
        assert window.page.toPlainText().splitlines()[0] == titles(window)[row]
        pictures = list(window.page._placed_pictures())
        assert len(pictures) == GUIDE.pages[name].count("![")
        for cursor, picture in pictures:
            shown = cursor.charFormat().toImageFormat()
            assert 0 < shown.width() <= window.page.viewport().width()
            assert not QImage(window.page.document().resource(2, QUrl(picture))).isNull()


def test_words_are_found_in_all_pages(window):
    QTest.keyClicks(window.filter, "keyring")
    assert titles(window) == ["Your first link", "When something is wrong", "Send links"]
    assert window.page.extraSelections()
    before = window.contents.currentItem().text()
    for _ in range(4):
        QTest.keyClick(window.filter, Qt.Key.Key_Return)
    assert window.page.textCursor().selectedText().casefold() == "keyring"
    assert window.contents.currentItem().text() != before, "Enter goes on to the next page"
    window.filter.setText("no such word anywhere")
    assert titles(window) == []
    assert window._no_match.isVisible()
    window.filter.clear()
    assert len(titles(window)) == len(PAGES)
    assert not window.page.extraSelections()


def test_links_lead_to_pages_and_to_the_browser_only(window, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    window.page.anchorClicked.emit(QUrl("3-preview.md"))
    assert window.contents.currentItem().text() == "Previews"
    for address in ("https://docs.seam.co/", "file:///etc/passwd", "javascript:alert(1)"):
        window.page.anchorClicked.emit(QUrl(address))
    assert opened == ["https://docs.seam.co/"]


def test_the_pictures_follow_the_theme(window, own_theme):
    def shown() -> QImage:
        _, name = next(window.page._placed_pictures())
        return QImage(window.page.document().resource(2, QUrl(name)))

    own_theme.set_appearance("light")
    light = shown().pixelColor(2, 2).lightness()
    own_theme.set_appearance("dark")
    assert shown().pixelColor(2, 2).lightness() < 100 < light


def test_escape_closes_it(window, qtbot):
    with qtbot.waitSignal(window.destroyed):
        QTest.keyClick(window.filter, Qt.Key.Key_Escape)
