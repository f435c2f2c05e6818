"""QR codes of links. Slow at first: it loads segno. A long link takes up to a second, so call it
outside of the UI thread."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.customer_words import customer_words
from seam_portal_desktop.domain.message.template import InlineImage, RenderedMessage
from seam_portal_desktop.texts import _

if TYPE_CHECKING:
    from segno import QRCode

QUIET_ZONE = 4
"""Light modules around the code, which scanners need (ISO/IEC 18004)."""

QR_IMAGE_ID = "qr-code"
_DARK, _LIGHT = "#000", "#fff"
"""In dark mode, too: many scanners can't read light codes on dark."""

_SHOWN_SIDE = 200
"""CSS pixels of the picture in a mail."""

_LEAST_PIXELS = 400
"""Of the picture in a mail, for screens with two pixels for one."""

_END_OF_BODY = re.compile(r"</body\s*>", re.IGNORECASE)


class LinkTooLongError(UserFacingError):
    """No QR code can hold the link."""


def qr_modules(url: str) -> tuple[tuple[bool, ...], ...]:
    """The rows of the code with its quiet zone, True for dark. Raises LinkTooLongError."""
    return tuple(tuple(map(bool, row)) for row in _code(url).matrix_iter(border=QUIET_ZONE))


def qr_png(url: str, scale: int) -> bytes:
    """A PNG of `scale` pixels a module, black on white. Raises LinkTooLongError."""
    return _saved(_code(url), "png", scale)


def qr_svg(url: str, scale: int = 4) -> bytes:
    """An SVG of `scale` units a module, black on a white ground. Raises LinkTooLongError."""
    return _saved(_code(url), "svg", scale)


def qr_image(url: str, locale: str) -> InlineImage:
    """The code as a picture in a mail, described in the customer's language.

    Raises LinkTooLongError.
    """
    code = _code(url)
    scale = -(-_LEAST_PIXELS // int(code.symbol_size(border=QUIET_ZONE)[0]))
    content = _saved(code, "png", scale)
    return InlineImage(QR_IMAGE_ID, "image/png", content, customer_words(locale).scan)


def with_qr_code(message: RenderedMessage, image: InlineImage) -> RenderedMessage:
    """The message with the code at the end of its HTML; a message of text only stays as it is.

    The white ground and the edge are parts of the picture, which no dark mode changes.
    """
    if not message.html:
        return message
    words = escape(image.description)
    block = (
        '<table role="presentation" align="center" cellpadding="0" cellspacing="0" border="0" '
        'style="margin:24px auto"><tr><td align="center">'
        f'<img src="cid:{image.content_id}" alt="QR" width="{_SHOWN_SIDE}" '
        f'height="{_SHOWN_SIDE}" style="display:block;border:0">'
        f'<p style="margin:8px 0 0;font-family:Arial,Helvetica,sans-serif;font-size:14px">{words}'
        "</p></td></tr></table>"
    )
    ends = list(_END_OF_BODY.finditer(message.html))
    end = ends[-1].start() if ends else len(message.html)
    html = message.html[:end] + block + message.html[end:]
    return replace(message, html=html, images=(*message.images, image))


def _code(url: str) -> QRCode:
    """With medium error correction; with low, if the link needs the room."""
    import segno

    for error in ("m", "l"):
        try:
            return segno.make(url, error=error, micro=False, mode="byte", encoding="utf-8")
        except segno.DataOverflowError:
            continue
    raise LinkTooLongError(
        _("The link is too long for a QR code"),
        _("Send it by mail, or copy it."),
    )


def _saved(code: QRCode, kind: str, scale: int) -> bytes:
    out = io.BytesIO()
    options = {} if kind == "png" else {"svgclass": None, "lineclass": None}
    code.save(out, kind=kind, scale=scale, border=QUIET_ZONE, dark=_DARK, light=_LIGHT, **options)
    return out.getvalue()
