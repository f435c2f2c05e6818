"""HTML as a type of its own: what isn't Html gets escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from html import escape

NO_BREAK_SPACE = "\u00a0"


class Html(str):
    """Markup that is safe to put into a page as it is."""

    __slots__ = ()


def h(template: str, /, **values: object) -> Html:
    """Put `values` into a template of our own: Html and lists of Html as they are, None as
    nothing, a bool not at all (use `flag`), everything else as escaped text."""
    return Html(template.format_map({name: _safe(value) for name, value in values.items()}))


def join(parts: Iterable[Html]) -> Html:
    return Html("".join(parts))


def flag(name: str, on: object) -> Html:
    """A boolean attribute with the space before it, or nothing."""
    return Html(f" {name}") if on else Html("")


def icon(name: str) -> Html:
    """A picture from icons.svg, hidden from screen readers: words beside it say the same."""
    return h('<svg class="icon" aria-hidden="true"><use href="#i-{name}"/></svg>', name=name)


def user_text(text: object) -> Html:
    """Somebody's own words, kept from turning the direction of what surrounds them."""
    return h("<bdi>{text}</bdi>", text=text)


def json_attribute(value: object) -> Html:
    """A value as JSON for use inside a double-quoted attribute."""
    return Html(escape(json.dumps(value, ensure_ascii=False)))


def json_script(element_id: str, value: object) -> Html:
    """A data block. ``<`` is written as an escape, so no value can close the script."""
    text = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
    return h(
        '<script type="application/json" id="{id}">{text}</script>', id=element_id, text=Html(text)
    )


def time_html(time: datetime, style: str, zone: str | None = None) -> Html:
    """A time which the page's script writes out in the visitor's language.

    `style` is date, datetime or relative. `zone` is an IANA name, else the browser's own zone.
    """
    return h(
        '<time datetime="{iso}" data-format="{style}"{zone}>{plain}</time>',
        iso=time.isoformat(),
        style=style,
        zone=h(' data-zone="{zone}"', zone=zone) if zone else None,
        plain=f"{time:%Y-%m-%d}" if style == "date" else f"{time:%Y-%m-%d %H:%M}",
    )


def number_html(value: float, style: str, plain: str) -> Html:
    """A number for the page's script: percent (of 1) or temperature (degrees Celsius)."""
    return h(
        '<data value="{value}" data-format="{style}">{plain}</data>',
        value=value,
        style=style,
        plain=plain,
    )


def _safe(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Html):
        return value
    if isinstance(value, list | tuple):
        return "".join(_safe(part) for part in value)
    return escape(str(value))
