"""A customization profile's look as CSS variables."""

from __future__ import annotations

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
_AA = 4.5
_SURFACES = {"light": "#ffffff", "dark": "#1d2124"}


def theme_style(profile: Mapping[str, Any] | None) -> Html:
    """A style element that sets the variables which the profile has; nothing without any."""
    theme = (profile or {}).get("customer_portal_theme") or {}
    primary = _color(theme.get("primary_color") or (profile or {}).get("primary_color"))
    secondary = _color(theme.get("secondary_color") or (profile or {}).get("secondary_color"))
    shared, by_scheme = {}, {"light": {}, "dark": {}}  # type: tuple[dict[str, str], dict[str, dict[str, str]]]
    if primary:
        shared["brand"] = primary
        shared["on-brand"] = _color(theme.get("primary_foreground_color")) or ink_on(primary)
        for scheme, surface in _SURFACES.items():
            by_scheme[scheme]["accent"] = legible(primary, surface)
    if secondary:
        shared["secondary"] = secondary
        shared["on-secondary"] = _color(theme.get("secondary_foreground_color")) or ink_on(
            secondary
        )
    for variable, name in (("font", "font_family"), ("mono", "mono_font_family")):
        font = theme.get(name)
        if isinstance(font, str) and _FONT.fullmatch(font):
            # A name with a quote left open would swallow the rest of the style sheet.
            shared[variable] = font.replace('"', "").replace("'", "") + f", var(--{variable}-base)"
    light = _declarations(shared | by_scheme["light"])
    if not light:
        return Html("")
    dark = _declarations(by_scheme["dark"])
    return Html(
        f"<style>:root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}</style>"
    )


def ink_on(background: str) -> str:
    """Black or white, whichever reads better; white where the colour can't be computed."""
    rgb = _rgb(background)
    if rgb is None:
        return "#ffffff"
    return max("#ffffff", "#14181a", key=lambda ink: _contrast(_rgb(ink) or rgb, rgb))


def legible(color: str, surface: str) -> str:
    """`color` moved towards black or white until text in it passes WCAG AA on `surface`."""
    rgb, ground = _rgb(color), _rgb(surface)
    if rgb is None or ground is None:
        return f"color-mix(in oklab, {color}, var(--text) 35%)"
    target = 0 if _luminance(ground) > 0.5 else 255  # noqa: PLR2004 - half way
    for step in range(21):
        mixed = (
            round(rgb[0] + (target - rgb[0]) * step / 20),
            round(rgb[1] + (target - rgb[1]) * step / 20),
            round(rgb[2] + (target - rgb[2]) * step / 20),
        )
        if _contrast(mixed, ground) >= _AA:
            break
    return "#{:02x}{:02x}{:02x}".format(*mixed)


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
