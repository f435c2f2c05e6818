"""A customization profile's colours and fonts as CSS variables."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping
from typing import Any

from seam_portal_desktop.sandbox.portal_page.markup import Html

# A profile is untrusted text, so only values that can't end a CSS declaration are used.
_COLOR = re.compile(
    r"#[0-9a-f]{3,8}|[a-z]{3,20}|(?:rgb|hsl|oklch)a?\([0-9a-z.,%/ ]+\)", re.IGNORECASE
)
_FONT = re.compile(r"[\w \-,'\"]{1,200}")
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_LIGHT, _DARK = "#ffffff", "#1d2124"  # --raised in tokens.css
_AA = 5.2
"""WCAG AA needs 4.5; the rest is a reserve for text on a light tint of the accent."""
_SHAPE = 2.4
_STEPS = 40


def theme_style(profile: Mapping[str, Any] | None) -> Html:
    """A style element with the profile's variables; empty if the profile has none."""
    theme = (profile or {}).get("customer_portal_theme") or {}
    primary = _color(theme.get("primary_color") or (profile or {}).get("primary_color"))
    secondary = _color(theme.get("secondary_color") or (profile or {}).get("secondary_color"))
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    if primary:
        light["brand"] = primary
        light["on-brand"] = _color(theme.get("primary_foreground_color")) or text_color_on(primary)
        light["accent"] = legible(primary, _LIGHT, _AA)
        # A dark brand colour would be invisible on a dark page, so it is made lighter.
        dark["brand"] = legible(primary, _DARK, _SHAPE)
        if dark["brand"] != primary:
            dark["on-brand"] = text_color_on(dark["brand"])
        dark["accent"] = legible(primary, _DARK, _AA)
    if secondary:
        light["secondary"] = secondary
        light["on-secondary"] = _color(theme.get("secondary_foreground_color")) or text_color_on(
            secondary
        )
    for variable, name in (("font", "font_family"), ("mono", "mono_font_family")):
        font = theme.get(name)
        if isinstance(font, str) and _FONT.fullmatch(font):
            # An open quote would make the rest of the style sheet part of the text.
            light[variable] = font.replace('"', "").replace("'", "") + f", var(--{variable}-base)"
    if not light:
        return Html("")
    return Html(
        f"<style>:root{{{_declarations(light)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{_declarations(dark)}}}}}</style>"
    )


def text_color_on(background: str) -> str:
    """Black or white, the one with more contrast; white if the colour can't be computed."""
    rgb = _rgb(background)
    if rgb is None:
        return "#ffffff"
    return max("#ffffff", "#14181a", key=lambda ink: _contrast(_rgb(ink) or rgb, rgb))


def legible(color: str, background: str, ratio: float) -> str:
    """`color`, made darker or lighter until its contrast on `background` is `ratio`."""
    rgb, ground = _rgb(color), _rgb(background)
    if rgb is None or ground is None:
        # Only the browser knows a named or computed colour, so it is mixed with the text colour.
        return f"color-mix(in oklab, {color}, var(--text) 35%)"
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in rgb))
    target = 0.0 if _luminance(ground) > 0.5 else 1.0  # noqa: PLR2004 - half way
    for step in range(_STEPS + 1):
        moved = lightness + (target - lightness) * step / _STEPS
        mixed = colorsys.hls_to_rgb(hue, moved, saturation)
        shown = (round(mixed[0] * 255), round(mixed[1] * 255), round(mixed[2] * 255))
        if _contrast(shown, ground) >= ratio:
            break
    return color if step == 0 else "#{:02x}{:02x}{:02x}".format(*shown)


def _declarations(variables: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in variables.items())


def _color(value: object) -> str | None:
    return value if isinstance(value, str) and _COLOR.fullmatch(value) else None


def _rgb(color: str) -> tuple[int, int, int] | None:
    found = _HEX.fullmatch(color)
    if not found:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])  # noqa: PLR2004
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _luminance(rgb: tuple[int, int, int]) -> float:
    # WCAG 2.2, relative luminance.
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for part in rgb
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)
