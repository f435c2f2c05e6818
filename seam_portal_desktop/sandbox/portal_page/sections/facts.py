"""Names and values, as a description list."""

from __future__ import annotations

from collections.abc import Iterable

from seam_portal_desktop.sandbox.portal_page.markup import Html, h


def fact(name: Html | str, value: Html | None) -> Html | None:
    """One line; None when there is no value, so that it is left out."""
    if value is None:
        return None
    return h("<div><dt>{name}</dt><dd>{value}</dd></div>", name=name, value=value)


def facts(lines: Iterable[Html | None]) -> Html:
    return h('<dl class="facts">{lines}</dl>', lines=[line for line in lines if line])
