"""Colours of a message that can be read, by the contrast of WCAG 2."""

from __future__ import annotations

import re

DEFAULT_COLOR = "#1d4ed8"
"""The button's colour for a company that has chosen none."""

_BLACK, _WHITE, _GREY = "#000000", "#ffffff", "#8a8f98"
_VISIBLE = 1.5
"""The least contrast of a button with the white around it, without a border."""


def primary_color(color: str) -> str:
    """`color` if it is ``#rrggbb``, or the default."""
    return color.lower() if re.fullmatch(r"#[0-9a-fA-F]{6}", color) else DEFAULT_COLOR


def text_color(background: str) -> str:
    """Black or white, whichever has more contrast. The contrast is 4.5 at the least."""
    if contrast(_WHITE, background) >= contrast(_BLACK, background):
        return _WHITE
    return _BLACK


def border_color(background: str) -> str:
    """`background` itself, or a grey where it can't be told from white."""
    return background if contrast(background, _WHITE) >= _VISIBLE else _GREY


def contrast(one: str, other: str) -> float:
    """From 1 to 21. Both are ``#rrggbb``."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(int(color[index : index + 2], 16) / 255) for index in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    # sRGB is linear near black.
    return float(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004
