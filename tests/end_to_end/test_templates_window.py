"""A template is put right on the way to sending, in the program's window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from seam_portal_desktop.domain.message.rendering.plain_text import link_for_text
from seam_portal_desktop.domain.message.template import TemplatePart
from seam_portal_desktop.sandbox.server import SandboxConfig
from seam_portal_desktop.ui.send.sheet import SendSheet
from seam_portal_desktop.ui.templates.dialog import TemplatesDialog
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import connected_program, press, until_shows
from tests.support.sandboxes import running_sandbox
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]


@pytest.fixture
def sandbox():
    with running_sandbox(SandboxConfig(port=0)) as server:
        yield server


async def test_the_sheet_leads_to_the_template_and_comes_back_with_its_copy(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        templates = program.session.services.templates
        wrong = await templates.copy("en-US")
        wrong = await templates.save(replace(wrong, text="Until {{ expires_at }}", html=""))
        workspace = sandbox.workspace_id
        await templates.make_default(workspace, wrong.template_id)
        portal = await program.create("harbor-hotel")
        url = (await program.session.services.portals.url_of(portal.portal_id)).reveal()

        program.window.actions_.send.trigger()
        sheet = await program.dialog(SendSheet)
        await until(lambda: "The message has no link." in said(sheet), "the warning is shown")
        sheet.fields.to.set_text("ann@example.com")
        await until_shows(sheet, "Edit the template…")
        press(sheet, "Edit the template…")

        dialog = await program.dialog(TemplatesDialog)
        await until(lambda: dialog.current_id == wrong.template_id, "the template is shown")
        dialog.copy_button.click()
        await until(lambda: dialog.current_id != wrong.template_id, "there is a copy")
        copy = dialog.current_id
        edit = dialog.editor.sources[TemplatePart.TEXT]
        edit.setPlainText("Hello\n{{ url }}\nuntil {{ expires_at }}")
        await until(lambda: link_for_text(url) in said(dialog), "the real link is shown")
        await until(dialog.submit_button.isEnabled, "it can be saved")
        dialog.submit()
        await until(lambda: dialog.state.text() == "Version 2, saved.", "it is saved")
        dialog.reject()

        sheet = await program.dialog(SendSheet)
        await until(lambda: link_for_text(url) in said(sheet), "the message has the link")
        assert sheet.fields.template.template_id == copy
        assert sheet.fields.to.text() == "ann@example.com"
        assert "The message has no link." not in said(sheet)


async def test_what_is_typed_stays_until_the_program_ends(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        action = program.window.actions_.templates
        action.trigger()
        dialog = await program.dialog(TemplatesDialog)
        await until(lambda: dialog.current_id == "en-US", "a shipped template is shown")
        dialog.submit()
        await until(lambda: dialog.current_id != "en-US", "there is a copy")
        dialog.editor.sources[TemplatePart.SMS].setPlainText("Mine {{ url }}")
        own = dialog.current_id
        dialog.reject()
        action.trigger()
        again = await program.dialog(TemplatesDialog)
        await until(lambda: again.current_id == own, "the same one is shown")
        assert again.editor.sources[TemplatePart.SMS].source() == "Mine {{ url }}"
        again.delete_button.click()
        await until(again.undo_button.isVisible, "it is deleted")
        again.reject()
        await until(lambda: "is deleted" in program.message(), "the window offers to undo")
        press(program.window.status_area, "Undo")
        await until(lambda: "is restored" in program.message(), "it says that it is back")
        action.trigger()
        dialog = await program.dialog(TemplatesDialog)
        await until(lambda: dialog.current_id, "the templates are shown")
        dialog.list.setCurrentRow(0)
        await until(lambda: dialog.current_id == own, "it is there again")
        assert dialog.editor.sources[TemplatePart.SMS].source() == "Mine {{ url }}"


def said(dialog) -> str:
    """The texts of the labels and of the message that are visible."""
    labels = [each.text() for each in dialog.findChildren(QLabel) if each.isVisible()]
    texts = [each.toPlainText() for each in dialog.message.findChildren(QPlainTextEdit)]
    return "\n".join([*labels, *texts])
