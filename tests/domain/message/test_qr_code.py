"""QR codes, read by a real decoder."""

from __future__ import annotations

import random
import string

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from seam_portal_desktop.domain.message.customer_words import customer_words
from seam_portal_desktop.domain.message.qr_code import (
    QR_IMAGE_ID,
    LinkTooLongError,
    qr_image,
    qr_modules,
    qr_png,
    qr_svg,
    with_qr_code,
)
from seam_portal_desktop.domain.message.template import RenderedMessage
from seam_portal_desktop.domain.request.request import Locale
from tests.support.qr_reader import printed, read_qr

URL = "https://portal.example.com/portals/0b0e8a4c-7d5e-4a4f-9a53-made-up?token=seam_cst_made_up_1"
SIGNS = string.ascii_letters + string.digits + "-._~:/?#[]@!$&'()*+,;=%"


def made_up_url(length: int, last: str = "") -> str:
    chosen = random.Random(length)
    start = "https://portal.example.com/portals/0?token=seam_cst_"
    return (start + "".join(chosen.choices(SIGNS, k=length)))[: length - len(last)] + last


def drawn_svg(content: bytes, side: int, ground: str) -> QImage:
    """The SVG on a page of this colour."""
    renderer = QSvgRenderer(content)
    assert renderer.isValid()
    image = QImage(QSize(side, side), QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


@pytest.mark.parametrize("length", [40, 91, 300, 1200, 2331, 2953])
def test_codes_hold_the_link_exactly(length):
    url = made_up_url(length)
    assert len(url) == length
    assert read_qr(qr_png(url, 3)) == url
    assert read_qr(qr_image(url, "de-DE").content) == url
    side = 4 * len(qr_modules(url))
    assert read_qr(drawn_svg(qr_svg(url), side, "white")) == url


@pytest.mark.parametrize("last", [*string.punctuation, "é", "я", "語", "🔑"])
def test_any_last_character_is_kept(last):
    url = made_up_url(90, last)
    assert read_qr(qr_png(url, 4)) == url


def test_codes_are_dark_on_white_also_in_dark_mode():
    image = QImage.fromData(qr_png(URL, 2))
    assert {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(8)} == {
        "#ffffff"
    }
    dark = drawn_svg(qr_svg(URL), 400, "#101010")
    assert QColor(dark.pixel(1, 1)).name() == "#ffffff"
    assert read_qr(dark) == URL
    assert not image.hasAlphaChannel()


def test_the_quiet_zone_is_four_modules_wide():
    rows = qr_modules(URL)
    assert not any(any(row) for row in (*rows[:4], *rows[-4:]))
    assert not any(any((*row[:4], *row[-4:])) for row in rows)
    assert rows[4][4]
    assert rows[4][-5]


@pytest.mark.parametrize(("millimetres", "dots"), [(20, 300), (20, 203), (15, 300)])
def test_a_code_printed_small_is_read(millimetres, dots):
    image = QImage.fromData(qr_png(URL, 8))
    assert read_qr(printed(image, millimetres, dots)) == URL


def test_a_code_in_a_mail_is_read_at_the_size_at_which_it_is_shown():
    image = QImage.fromData(qr_image(URL, "en-US").content)
    assert image.width() >= 400
    shown = image.scaled(200, 200, mode=Qt.TransformationMode.SmoothTransformation)
    assert read_qr(shown) == URL


def test_a_longer_link_is_refused_in_words():
    with pytest.raises(LinkTooLongError) as raised:
        qr_png(made_up_url(2954), 1)
    assert "too long" in raised.value.title
    assert "portal.example.com" not in raised.value.details()


def test_a_message_gets_the_code_at_its_end():
    image = qr_image(URL, "fr-FR")
    message = RenderedMessage("a", "b", "<html><body><p>c</p></body></html>")
    shown = with_qr_code(message, image)
    assert shown.images == (image,)
    assert shown.html.startswith("<html><body><p>c</p><table")
    assert shown.html.endswith("</table></body></html>")
    assert f'src="cid:{QR_IMAGE_ID}"' in shown.html
    assert "Scannez" in shown.html
    assert URL not in shown.html
    assert with_qr_code(RenderedMessage("a", "b"), image) == RenderedMessage("a", "b")
    assert with_qr_code(RenderedMessage("a", "b", "<p>c"), image).html.endswith("</table>")


def test_the_words_are_there_in_all_languages_of_portals():
    assert len({customer_words(locale) for locale in Locale}) == len(Locale)
    assert customer_words("xx-XX") == customer_words("en-US")
