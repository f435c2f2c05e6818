"""Colours of the button in a message."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.message.rendering.colors import (
    DEFAULT_COLOR,
    border_color,
    contrast,
    primary_color,
    text_color,
)

colors = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(colors)
def test_the_words_on_a_button_can_be_read(color):
    assert contrast(text_color(color), color) >= 4.5


@given(colors)
def test_the_button_is_seen_on_white(color):
    assert contrast(border_color(color), "#ffffff") >= 1.5


def test_the_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_what_is_no_color_becomes_the_default():
    assert primary_color("#ABCDEF") == "#abcdef"
    for text in ("", "red", "#abc", "#12345g", "#123456;background:url(x)"):
        assert primary_color(text) == DEFAULT_COLOR
