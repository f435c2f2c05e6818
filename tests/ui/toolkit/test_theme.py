"""Every pair of colours that is used together is readable, in both schemes."""

from __future__ import annotations

import gc
import itertools

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QPushButton

from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import (
    DISCERNIBLE,
    READABLE,
    TextSize,
    Theme,
    Tone,
    contrast,
    set_kind,
)

Role = QPalette.ColorRole
SCHEMES = [Qt.ColorScheme.Light, Qt.ColorScheme.Dark]


@pytest.fixture
def theme(qapp):
    before = qapp.styleSheet(), qapp.palette()
    theme = Theme(qapp)
    theme.install()
    yield theme
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    theme.deleteLater()


def test_contrast_is_wcags():
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21)
    assert contrast(QColor("#767676"), QColor("white")) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("tone", Tone)
def test_a_tone_is_readable_wherever_it_is_used(theme, scheme, tone):
    theme.force_scheme(scheme)
    color = theme.color(tone)
    for background in (
        theme.role(Role.Base),
        theme.role(Role.Window),
        theme.role(Role.AlternateBase),
        theme.hover(),
        theme.tint(tone),
        theme.selection(active=False),
    ):
        assert contrast(color, background) >= READABLE, background.name()
    selected = theme.selection()
    assert contrast(theme.color_on(tone, selected), selected) >= READABLE
    assert contrast(theme.on_solid(), color) >= READABLE


@pytest.mark.parametrize("scheme", SCHEMES)
def test_texts_are_readable_and_edges_discernible(theme, scheme):
    theme.force_scheme(scheme)
    surfaces = [
        theme.role(Role.Base),
        theme.role(Role.Window),
        theme.hover(),
        theme.selection(),
        theme.selection(active=False),
    ]
    for text, surface in itertools.product((Role.Text, Role.PlaceholderText), surfaces):
        assert contrast(theme.role(text), surface) >= READABLE, (text, surface.name())
    for text, surface in (
        (Role.HighlightedText, Role.Highlight),
        (Role.ToolTipText, Role.ToolTipBase),
        (Role.ButtonText, Role.Button),
        (Role.Link, Role.Base),
        (Role.LinkVisited, Role.Base),
    ):
        assert contrast(theme.role(text), theme.role(surface)) >= READABLE, text
    for surface in surfaces:
        assert contrast(theme.focus(), surface) >= DISCERNIBLE
    assert contrast(theme.edge(), theme.role(Role.Base)) >= DISCERNIBLE
    assert contrast(theme.edge(), theme.role(Role.Window)) >= DISCERNIBLE


def test_a_tone_is_readable_on_any_accent_of_the_system(theme):
    for accent in ("#ffd400", "#7a7574", "#00cc6a", "#e81123", "#000000"):
        background = QColor(accent)
        for tone in Tone:
            readable = theme.color_on(tone, background)
            # Nothing beats the text's own colour there, so that is the most one can ask for.
            most = min(READABLE, contrast(theme.role(Role.Text), background))
            assert contrast(readable, background) >= most


def test_changed_is_emitted_after_the_palette_of_the_new_scheme(theme, qapp):
    theme.force_scheme(Qt.ColorScheme.Light)
    seen = []
    theme.changed.connect(lambda: seen.append(qapp.palette().color(Role.Base).lightnessF()))
    theme.force_scheme(Qt.ColorScheme.Dark)
    theme.force_scheme(Qt.ColorScheme.Light)
    assert seen[0] < 0.3
    assert seen[1] > 0.9


@pytest.fixture
def system_font(qapp):
    """A copy of the application's font, which is restored at the end."""
    before = qapp.font()
    yield qapp.font()
    qapp.setFont(before)


def test_text_sizes_follow_the_systems_font(theme, qapp, system_font):
    system_font.setPointSizeF(system_font.pointSizeF() * 2)
    qapp.setFont(system_font)
    assert theme.font(TextSize.BODY).pointSizeF() == pytest.approx(system_font.pointSizeF())
    assert theme.font(TextSize.TITLE).pointSizeF() > system_font.pointSizeF()


def test_a_changed_font_of_the_system_is_emitted_once(theme, qapp, qtbot, system_font):
    emitted = []
    theme.changed.connect(lambda: emitted.append(theme.font(TextSize.BODY).pointSizeF()))
    system_font.setPointSizeF(system_font.pointSizeF() + 3)
    qapp.setFont(system_font)
    qtbot.waitUntil(lambda: emitted == [pytest.approx(system_font.pointSizeF())])
    qapp.processEvents()
    assert len(emitted) == 1


def test_controls_on_screen_follow_the_systems_font(theme, qapp, qtbot, system_font):
    button = QPushButton("New portal")
    set_kind(button, "primary")
    qtbot.addWidget(button)
    button.show()
    size = system_font.pointSizeF() * 2
    system_font.setPointSizeF(size)
    qapp.setFont(system_font)
    qtbot.waitUntil(lambda: button.font().pointSizeF() == pytest.approx(size))


def test_text_sizes_follow_a_font_that_is_set_in_pixels(theme, qapp, system_font):
    system_font.setPixelSize(30)
    qapp.setFont(system_font)
    assert theme.font(TextSize.TITLE).pixelSize() > 30


def test_icons_survive_thousands_of_copies_and_the_garbage_collector(theme):
    icons = Icons(theme)
    target = QPixmap(32, 32)
    kept = []
    for number in range(10_000):
        copy = QIcon(icons.icon("check", Tone.SUCCESS))
        if number % 500 == 0:
            copy.setIsMask(True)  # detaches: Qt asks the engine for a clone
            kept.append(copy)
    gc.collect()
    painter = QPainter(target)
    for icon in kept:
        icon.paint(painter, QRect(0, 0, 16, 16))
        assert not icon.pixmap(16, 16).isNull()
    painter.end()
    kept.clear()
    gc.collect()


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_an_icon_has_all_the_pixels_of_the_screen(theme, ratio):
    icons = Icons(theme)
    by_engine = icons.icon("check").pixmap(QSize(16, 16), ratio)
    by_name = icons.pixmap("check", QColor("red"), 16, ratio)
    for pixmap in (by_engine, by_name):
        assert pixmap.size() == QSize(16, 16) * ratio
        assert pixmap.devicePixelRatio() == ratio
    image = by_name.toImage()
    drawn = [
        color
        for x, y in itertools.product(range(image.width()), range(image.height()))
        if (color := image.pixelColor(x, y)).alpha() > 128
    ]
    assert drawn
    assert all(color.red() > 200 and color.green() < 20 for color in drawn)


def test_an_icon_takes_the_new_schemes_colour(theme):
    icon = Icons(theme).icon("circle")

    def darkest() -> float:
        image = icon.pixmap(QSize(24, 24)).toImage()
        return min(
            color.lightnessF()
            for x in range(24)
            for y in range(24)
            if (color := image.pixelColor(x, y)).alpha() == 255
        )

    theme.force_scheme(Qt.ColorScheme.Light)
    assert darkest() < 0.3
    theme.force_scheme(Qt.ColorScheme.Dark)
    assert darkest() > 0.5


def test_an_unknown_icon_is_found_out_at_once(theme):
    with pytest.raises(FileNotFoundError, match="no-such-icon"):
        Icons(theme).icon("no-such-icon")
