"""Screenshots and PDFs of the previewed page."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from seam_portal_desktop.ui.preview.emulation.comparison_settings import Comparison, ComparisonKind
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import open_program, press, shows, until_shows, visible_texts
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]


async def test_screenshots_and_pdfs_are_attached_to_the_portal(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, pages=True) as program:
        actions, detail = program.window.actions_, program.window.portal
        await program.connect()
        assert not actions.attach_screenshot.isEnabled()
        await program.create("harbor-hotel")
        await until(actions.attach_screenshot.isEnabled, "the page is there")
        actions.attach_screenshot.trigger()
        await until_shows(detail, "Screenshot · As in the window")
        actions.attach_document.trigger()
        await until_shows(detail, "PDF · As in the window")
        press(detail, "Remove PDF · As in the window")
        await until(lambda: not shows(detail, "PDF · As in the window"), "it is gone")
        await until_shows(program.window.status_area, "Undo")
        press(program.window.status_area, "Undo")
        await until_shows(detail, "PDF · As in the window")
    async with open_program(tmp_path, sandbox) as program:
        await program.select("harbor-hotel")
        await until_shows(program.window.portal, "Screenshot · As in the window")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_a_picture_that_nobody_waits_for_leaves_no_file(tmp_path, sandbox, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    async with open_program(tmp_path / "data", sandbox, pages=True) as program:
        actions = program.window.actions_
        await program.connect()
        await program.create("harbor-hotel")
        await until(actions.attach_screenshot.isEnabled, "the page is there")

        def files():
            return [file for file in _open_files() if file.startswith(f"{tmp_path}/#")]

        actions.attach_screenshot.trigger()
        await until(files, "the picture is taken")
        actions.attach_document.trigger()
        await until_shows(program.window.portal, "PDF · As in the window")
        await until(lambda: not files(), "its file is gone")


def _open_files() -> list[str]:
    found = []
    for each in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found.append(str(each.readlink()))
    return found


async def test_the_active_one_of_two_pages_is_attached_with_its_language(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, pages=True) as program:
        actions, preview = program.window.actions_, program.window.preview
        detail = program.window.portal
        await program.connect()
        await program.create("harbor-hotel")
        await until(lambda: preview.is_loaded, "the page is there")
        preview.comparison_requested.emit(
            Comparison(ComparisonKind.LANGUAGE, preview.first.target.portal_id, "el-GR")
        )
        await until(lambda: preview.second is not None and preview.second.is_loaded, "both are")
        preview.comparison_settings.choose(1)  # as the focus does in a window that is active
        await until(actions.attach_document.isEnabled, "the second page can be attached")
        actions.attach_document.trigger()
        await until_shows(detail, "PDF · As in the window, el-GR")
        preview.close_second()
        await until(lambda: preview.chosen is preview.first, "the first is alone")
        actions.attach_document.trigger()
        await until(lambda: _kept(detail) == ["", ", el-GR"], "the first page has no language")


async def test_leaving_a_page_while_it_is_printed_shows_an_error(tmp_path, sandbox):
    async with open_program(tmp_path, sandbox, pages=True) as program:
        actions, preview = program.window.actions_, program.window.preview
        await program.connect()
        await program.create("harbor-hotel")
        await until(actions.attach_document.isEnabled, "the page is there")
        preview.first.web.widget.page().runJavaScript("for (;;) {}")
        actions.attach_document.trigger()
        await until(lambda: "Taking a PDF" in program.message(), "it is being taken")
        program.window.pane.table.clearSelection()
        error = await until(program.error, "the error is shown")
        assert "could not be taken" in error.title
        assert "Taking a PDF" not in program.message()


async def test_a_screenshot_file_does_not_contain_the_link(tmp_path, sandbox):
    async with open_program(tmp_path / "data", sandbox, pages=True) as program:
        actions = program.window.actions_
        await program.connect()
        await program.create("harbor-hotel")
        await until(actions.save_screenshot.isEnabled, "the page is there")
        actions.save_screenshot.trigger()
        chooser = await program.dialog(QFileDialog)
        assert chooser.selectedFiles()[0].endswith(".png")
        target = tmp_path / "out.png"
        chooser.fileSelected.emit(str(target))
        chooser.reject()
        await until(target.exists, "the file is written")
        content = target.read_bytes()
        image = QImage.fromData(content)
        assert image.text("Title") == "harbor-hotel"
        assert "safe preview" in image.text("Description")
        view = program.window.preview.first.web.widget
        assert image.width() >= view.width() - 20
        assert image.height() >= view.height()
        assert b"seam_cst" not in content
        assert "token" not in "".join(image.text(key) for key in image.textKeys())


async def test_a_file_that_cannot_be_written_shows_an_error(tmp_path, sandbox):
    async with open_program(tmp_path / "data", sandbox, pages=True) as program:
        actions = program.window.actions_
        await program.connect()
        await program.create("harbor-hotel")
        await until(actions.save_document.isEnabled, "the page is there")
        actions.save_document.trigger()
        chooser = await program.dialog(QFileDialog)
        chooser.fileSelected.emit(str(tmp_path / "gone" / "page.pdf"))
        chooser.reject()
        error = await until(program.error, "the error is shown")
        assert "could not be written" in error.title


def _kept(detail):
    """The parts of the PDFs' names after the common part."""
    named = "PDF · As in the window"
    return sorted(
        {text.split(named)[1] for text in visible_texts(detail) if text.startswith(named)}
    )
