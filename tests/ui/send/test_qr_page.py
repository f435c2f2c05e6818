"""The printed page with a QR code, as a real reader of PDF files and a real decoder see it."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtPdf import QPdfDocument

from seam_portal_desktop.domain.message.qr_page import QrPage, qr_page
from seam_portal_desktop.domain.request.request import Locale
from seam_portal_desktop.ui.send.qr_page import qr_page_pdf
from tests.support.message_facts import URL, make_facts
from tests.support.qr_reader import read_qr

pytestmark = pytest.mark.usefixtures("qapp")

LONG_URL = f"https://portal.example.com/portals/0?token={'aB3-' * 290}"


class PrintedPage:
    """The one page of a PDF file. `dots` are dots per inch."""

    def __init__(self, page: QrPage) -> None:
        self.content = qr_page_pdf(page)
        self._buffer = QBuffer()
        self._buffer.setData(self.content)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document = QPdfDocument()
        self._document.load(self._buffer)
        assert self._document.pageCount() == 1

    def close(self) -> None:
        self._document.close()
        self._buffer.close()

    @property
    def text(self) -> str:
        return self._document.getAllText(0).text()

    @property
    def title(self) -> str:
        return self._document.metaData(QPdfDocument.MetaDataField.Title)

    def image(self, dots: int) -> QImage:
        points = self._document.pagePointSize(0)
        size = QSize(round(points.width() * dots / 72), round(points.height() * dots / 72))
        drawn = self._document.render(0, size)
        paper = QImage(size, QImage.Format.Format_RGB32)
        paper.fill(QColor("white"))
        painter = QPainter(paper)
        painter.drawImage(0, 0, drawn)
        painter.end()
        return paper


@pytest.fixture
def printed():
    pages: list[PrintedPage] = []

    def print_page(page: QrPage) -> PrintedPage:
        pages.append(PrintedPage(page))
        return pages[-1]

    yield print_page
    for each in pages:
        each.close()


@pytest.mark.parametrize(("url", "dots"), [(URL, 300), (URL, 72), (LONG_URL, 300), (LONG_URL, 150)])
def test_the_code_on_the_page_is_the_link(printed, url, dots):
    assert read_qr(printed(qr_page(make_facts(url))).image(dots)) == url


@pytest.mark.parametrize("locale", Locale)
def test_the_page_says_whose_it_is_and_until_when_in_the_customers_language(printed, locale):
    page = qr_page(make_facts(locale=locale.value))
    shown = " ".join(printed(page).text.split())
    for text in ("Acme Stays", "Harbor Hotel", *page.words, page.expires_at):
        assert " ".join(text.split()) in shown


def test_the_link_is_nowhere_as_text(printed):
    page = printed(qr_page(make_facts()))
    assert page.title == "Harbor Hotel"
    for part in ("portal.example.com", "seam_cst_made_up"):
        assert part not in page.text
        assert part.encode() not in page.content


@pytest.mark.parametrize(
    "name", ["x" * 400, "فندق الميناء " * 60, "🏨 Größe 東京 " * 30, "Long " * 90]
)
def test_a_long_name_stays_on_the_page_beside_the_code(printed, name):
    facts = make_facts(LONG_URL, display_name=name, company=name)
    page = qr_page(facts)
    shown = printed(page)
    assert read_qr(shown.image(200)) == LONG_URL
    assert page.words.private.split()[-1] in shown.text
    if name.isascii():  # the reader of PDF files loses the sign beside Arabic letters
        assert shown.text.count("…") == 2


def test_a_company_without_a_name_leaves_no_gap(printed):
    page = qr_page(make_facts())
    rows = [
        _first_dark_row(printed(each).image(72))
        for each in (page, dataclasses.replace(page, company=""))
    ]
    assert abs(rows[0] - rows[1]) < 10


def _first_dark_row(image: QImage) -> int:
    return next(
        row
        for row in range(image.height())
        if any(QColor(image.pixel(column, row)).value() < 128 for column in range(image.width()))
    )
