"""A customization profile's look as CSS variables."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping
from typing import Any

from seam_portal_desktop.sandbox.portal_page.markup import Html

# Only shapes that can't leave a declaration: a profile is somebody else's text.
_COLOR = re.compile(
    r"#[0-9a-f]{3,8}|[a-z]{3,20}|(?:rgb|hsl|oklch)a?\([0-9a-z.,%/ ]+\)", re.IGNORECASE
)
_FONT = re.compile(r"[\w \-,'\"]{1,200}")
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_LIGHT, _DARK = "#ffffff", "#1d2124"  # --raised in tokens.css
_AA = 5.2
"""WCAG AA asks for 4.5; the rest is for text on the accent's own faint tint."""
_SHAPE = 2.4
_STEPS = 40


def theme_style(profile: Mapping[str, Any] | None) -> Html:
    """A style element that sets the variables which the profile has; nothing without any."""
    theme = (profile or {}).get("customer_portal_theme") or {}
    primary = _color(theme.get("primary_color") or (profile or {}).get("primary_color"))
    secondary = _color(theme.get("secondary_color") or (profile or {}).get("secondary_color"))
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    if primary:
        light["brand"] = primary
        light["on-brand"] = _color(theme.get("primary_foreground_color")) or ink_on(primary)
        light["accent"] = legible(primary, _LIGHT, _AA)
        # A dark brand would vanish on a dark page: it is lightened until its shape shows.
        dark["brand"] = legible(primary, _DARK, _SHAPE)
        if dark["brand"] != primary:
            dark["on-brand"] = ink_on(dark["brand"])
        dark["accent"] = legible(primary, _DARK, _AA)
    if secondary:
        light["secondary"] = secondary
        light["on-secondary"] = _color(theme.get("secondary_foreground_color")) or ink_on(secondary)
    for variable, name in (("font", "font_family"), ("mono", "mono_font_family")):
        font = theme.get(name)
        if isinstance(font, str) and _FONT.fullmatch(font):
            # A quote left open would swallow the rest of the style sheet.
            light[variable] = font.replace('"', "").replace("'", "") + f", var(--{variable}-base)"
    if not light:
        return Html("")
    return Html(
        f"<style>:root{{{_declarations(light)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{_declarations(dark)}}}}}</style>"
    )


def ink_on(background: str) -> str:
    """Black or white, whichever reads better; white where the colour can't be computed."""
    rgb = _rgb(background)
    if rgb is None:
        return "#ffffff"
    return max("#ffffff", "#14181a", key=lambda ink: _contrast(_rgb(ink) or rgb, rgb))


def legible(color: str, surface: str, ratio: float) -> str:
    """`color`, made darker or lighter in its own hue until it has that contrast on `surface`."""
    rgb, ground = _rgb(color), _rgb(surface)
    if rgb is None or ground is None:
        # A name or a function: only the browser knows it, so its text colour helps out.
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
