"""HTML as a type. Every value that isn't Html is escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from html import escape


class Html(str):
    """Markup that needs no escaping."""

    __slots__ = ()


def h(template: str, /, **values: object) -> Html:
    """Fill a trusted template. Html and lists of Html are not escaped, None becomes no text, and
    other values become escaped text. Use `flag` for a bool."""
    return Html(template.format_map({name: _safe(value) for name, value in values.items()}))


def join(parts: Iterable[Html]) -> Html:
    return Html("".join(parts))


def flag(name: str, on: object) -> Html:
    """A boolean attribute with the space before it, or nothing."""
    return Html(f" {name}") if on else Html("")


def icon(name: str) -> Html:
    """An icon of icons.svg. Screen readers skip it, because the text beside it means the same."""
    return h('<svg class="icon" aria-hidden="true"><use href="#i-{name}"/></svg>', name=name)


def user_text(text: object) -> Html:
    """A person's text. It doesn't change the text direction of what is around it."""
    return h("<bdi>{text}</bdi>", text=text)


def json_attribute(value: object) -> Html:
    """A value as JSON for a double-quoted attribute."""
    return Html(escape(json.dumps(value, ensure_ascii=False)))


def json_script(element_id: str, value: object) -> Html:
    """A data block. ``<`` is escaped, so no value can end the script element."""
    text = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
    return h(
        '<script type="application/json" id="{id}">{text}</script>', id=element_id, text=Html(text)
    )


def time_html(time: datetime, style: str, zone: str | None = None) -> Html:
    """A time that the page's script formats in the visitor's language.

    `style` is date, datetime or relative. `zone` is an IANA name; without it the browser's zone.
    """
    return h(
        '<time datetime="{iso}" data-format="{style}"{zone}>{plain}</time>',
        iso=time.isoformat(),
        style=style,
        zone=h(' data-zone="{zone}"', zone=zone) if zone else None,
        plain=f"{time:%Y-%m-%d}" if style == "date" else f"{time:%Y-%m-%d %H:%M}",
    )


def number_html(value: float, style: str, plain: str) -> Html:
    """A number that the page's script formats: percent (of 1) or temperature (degrees Celsius)."""
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
