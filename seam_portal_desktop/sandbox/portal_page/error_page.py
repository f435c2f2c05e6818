"""The page that an expired, revoked or unknown link opens."""

from __future__ import annotations

from typing import Literal

from seam_portal_desktop.sandbox.portal_page.catalogue import Messages
from seam_portal_desktop.sandbox.portal_page.data import LOCALES
from seam_portal_desktop.sandbox.portal_page.markup import Html, h, icon
from seam_portal_desktop.sandbox.portal_page.page import sprite

ErrorKind = Literal["expired", "revoked", "unknown"]

_ICONS = {"expired": "timer-off", "revoked": "ban", "unknown": "circle-help"}
# Inline, so that the page needs no static files.
_STYLE = Html(
    "<style>:root{color-scheme:light dark;--ground:#f4f3ef;--card:#fff;--text:#1d2326;"
    "--muted:#5d666b;--line:#e0ded7;--accent:#0f6b5c;--tint:#e2f0ec}"
    "@media(prefers-color-scheme:dark){:root{--ground:#14171a;--card:#1d2124;--text:#eceeed;"
    "--muted:#a3abad;--line:#33393d;--accent:#63cdb8;--tint:#1d3733}}"
    "*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;"
    "padding:24px;background:var(--ground);color:var(--text);font:16px/1.55 system-ui,"
    "-apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',sans-serif}"
    "main{max-width:440px;width:100%;padding:40px 32px;text-align:center;background:var(--card);"
    "border:1px solid var(--line);border-radius:18px;box-shadow:0 12px 40px rgb(0 0 0/.07)}"
    ".seal{display:inline-grid;place-items:center;width:72px;height:72px;border-radius:50%;"
    "background:var(--tint);color:var(--accent)}.icon{width:32px;height:32px;fill:none;"
    "stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}"
    "h1{margin:20px 0 8px;font-size:1.5rem;line-height:1.25}p{margin:0;color:var(--muted)}"
    ".safe{display:flex;gap:8px;justify-content:center;margin-top:24px;padding-top:20px;"
    "border-top:1px solid var(--line);font-size:.9rem}"
    ".safe .icon{flex:none;width:18px;height:18px;margin-top:2px;color:var(--accent)}</style>"
)


def render_error(kind: ErrorKind, locale: str | None = None) -> str:
    """A complete HTML document without static files or script.

    It is in `locale`, or in American English if the page doesn't have that language.
    """
    messages = Messages(locale if locale in LOCALES else LOCALES[0])
    return h(
        '<!doctype html>\n<html lang="{locale}" data-portal-error="{kind}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><title>{title}</title>{style}</head><body>{sprite}'
        '<main><span class="seal">{icon}</span><h1>{title}</h1><p>{body}</p>'
        '<p class="safe">{shield}<span>{safe}</span></p></main></body></html>',
        locale=messages.locale,
        kind=kind,
        title=messages.text(f"error_page.{kind}.title"),
        style=_STYLE,
        sprite=sprite(),
        icon=icon(_ICONS[kind]),
        body=messages.text(f"error_page.{kind}.body"),
        shield=icon("shield-check"),
        safe=messages.text("error_page.safe"),
    )
