"""The page that an expired, revoked or unknown link opens."""

from __future__ import annotations

from typing import Literal

ErrorKind = Literal["expired", "revoked", "unknown"]


def render_error(kind: ErrorKind, locale: str | None = None) -> str:
    """A complete HTML document in `locale`, American English for one that isn't offered."""
    return f'<!doctype html><html lang="{locale}" data-portal-error="{kind}"><p>{kind}</p></html>'
