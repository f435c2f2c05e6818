"""The dialog with the real service on a folder, and the renderer in its own process."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from seam_portal_desktop.adapters.templates.store import FileTemplateStore
from seam_portal_desktop.domain.errors import LinkUnreadableError
from seam_portal_desktop.domain.message.template import TemplatePart
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.paths import resource
from seam_portal_desktop.services.sending.templates import TemplateService
from seam_portal_desktop.ui.send.message_pane import MessageForm
from seam_portal_desktop.ui.templates.dialog import TemplatesDialog
from seam_portal_desktop.ui.templates.session import TemplateSession
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from tests.support.message_facts import NOW, URL, make_facts, make_renderer
from tests.support.portal_rows import created
from tests.support.until import until

pytestmark = pytest.mark.anyio


class RenderingComposer:
    """The real renderer with a portal's facts; without a link, if `is_unreadable`."""

    def __init__(self, renderer) -> None:
        self._renderer = renderer
        self.is_unreadable = False
        self.rendered: list[str] = []

    def local_zone(self) -> str:
        return "Europe/Berlin"

    async def locale_of(self, _portal) -> str:
        return "de-DE"

    async def facts(self, _portal, _sender, *, locale):
        if self.is_unreadable:
            raise LinkUnreadableError("This link can’t be sent", "It is gone.")
        return make_facts(locale=locale)

    async def render(self, template, facts):
        self.rendered.append(template.text)
        return await self._renderer.render(template, facts)


@dataclass
class Desk:
    """A dialog that is opened again and again, as the program does it."""

    theme: object
    services: SimpleNamespace
    scope: TaskScope
    drafts: dict
    dialog: TemplatesDialog | None = None
    session: TemplateSession | None = None

    async def open(self, template_id: str = "", portal=None) -> TemplatesDialog:
        self.dialog = dialog = TemplatesDialog(
            self.theme,
            Icons(self.theme),
            remove_profile=lambda delete: delete(),
            engine_obstacle="No engine in this test.",
        )
        self.session = TemplateSession(dialog, self.services, "ws", portal, self.drafts, self.scope)
        dialog.open()
        self.session.start(template_id)
        await until(lambda: bool(dialog.current_id))
        return dialog

    def close(self) -> None:
        if self.dialog is not None:
            self.dialog.reject()
            self.dialog.deleteLater()


@pytest.fixture
async def desk(theme, tmp_path):
    failures: list[BaseException] = []

    async def save() -> None: ...

    renderer = make_renderer()
    store = FileTemplateStore(tmp_path / "templates", resource("message_templates"))
    services = SimpleNamespace(
        templates=TemplateService(store, PreferencesData(), save, lambda: NOW),
        composer=RenderingComposer(renderer),
        senders=SimpleNamespace(
            default=lambda _ws: SimpleNamespace(
                own_fields={"desk": "Desk 3"}, company="", operator="", signature=""
            )
        ),
    )
    desk = Desk(theme, services, TaskScope(failures.append), {})
    yield desk
    desk.close()
    await desk.scope.close()
    await renderer.aclose()
    assert failures == []


def shown_text(dialog) -> str:
    """The text of the message, or of the problem in its place."""
    labels = dialog.message.findChildren(QLabel)
    text = dialog.message.findChild(QPlainTextEdit)
    texts = [each.text() for each in labels if each.isVisible()]
    return "\n".join([*texts, text.toPlainText() if text.isVisible() else ""])


def said(widget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


async def copied(desk, template_id: str = "en-US") -> TemplatesDialog:
    """A copy of a shipped template, in the editor."""
    dialog = await desk.open(template_id)
    dialog.submit_button.click()
    await until(lambda: dialog.current_id != template_id)
    return dialog


def write(dialog, part: TemplatePart, text: str) -> None:
    dialog.editor.sources[part].setPlainText(text)


async def test_a_shipped_template_is_read_only_and_its_copy_is_not(desk):
    dialog = await desk.open("en-US")
    edits = dialog.editor.sources.values()
    assert all(edit.isReadOnly() for edit in edits)
    assert dialog.state.text() == "Comes with the program. Make a copy to change it."
    assert dialog.delete_button.isHidden()
    dialog.submit_button.click()
    await until(lambda: dialog.current_id != "en-US")
    assert not any(edit.isReadOnly() for edit in edits)
    assert dialog.editor.name.edit.text() == "Portal link (2)"
    assert dialog.state.text() == "Version 1, saved."
    assert not dialog.submit_button.isEnabled()


async def test_what_is_typed_is_rendered_with_the_portal_and_old_ones_are_dropped(desk):
    dialog = await copied(desk)
    desk.close()
    dialog = await desk.open(dialog.current_id, created("one", "harbor-hotel"))
    write(dialog, TemplatePart.TEXT, "Dropped {{ url }}")
    write(dialog, TemplatePart.TEXT, "Hello {{ display_name }}\n{{ url }}\n{{ expires_at }}")
    await until(lambda: "Hello Harbor Hotel" in shown_text(dialog))
    assert URL in shown_text(dialog)
    assert "harbor-hotel" in dialog.shown_with.text()
    assert not any("Dropped" in each for each in desk.services.composer.rendered)
    assert dialog.warnings.isHidden()


async def test_warnings_of_the_message_are_said(desk):
    dialog = await copied(desk)
    write(dialog, TemplatePart.TEXT, "No link at all")
    await until(lambda: not dialog.warnings.isHidden())
    assert "The message has no link." in dialog.warnings.label.text()


async def test_without_a_usable_link_the_message_is_made_up_and_says_so(desk):
    desk.services.composer.is_unreadable = True
    dialog = await desk.open("en-US", created("one", "harbor-hotel"))
    await until(lambda: "token=sample" in shown_text(dialog))
    assert "made-up portal" in dialog.shown_with.text()


async def test_an_unknown_name_is_an_error_at_its_line(desk):
    dialog = await copied(desk)
    write(dialog, TemplatePart.TEXT, "Hello\n{{ url }}\n{{ nobody }}")
    note = dialog.editor.notes[TemplatePart.TEXT]
    await until(lambda: not note.isHidden())
    assert note.label.text().startswith("Line 3: There is no value named “nobody”.")
    (mark,) = dialog.editor.sources[TemplatePart.TEXT].extraSelections()
    assert mark.cursor.block().text() == "{{ nobody }}"
    write(dialog, TemplatePart.TEXT, "{{ url }} {{ expires_at }}")
    await until(note.isHidden)
    assert dialog.editor.sources[TemplatePart.TEXT].extraSelections() == []


async def test_saving_makes_a_new_version_with_the_new_name(desk):
    dialog = await copied(desk)
    dialog.editor.name.edit.setText("Check-in")
    dialog.editor.name.edit.textEdited.emit("Check-in")
    write(dialog, TemplatePart.SUBJECT, "Welcome, {{ display_name }}")
    await until(dialog.submit_button.isEnabled)
    assert dialog.state.text() == "Version 1, with changes that are not saved."
    dialog.submit()
    await until(lambda: dialog.state.text() == "Version 2, saved.")
    stored = await desk.services.templates.find(dialog.current_id)
    assert (stored.name, stored.subject) == ("Check-in", "Welcome, {{ display_name }}")
    assert desk.drafts == {}


async def test_a_template_without_a_subject_is_not_saved(desk):
    dialog = await copied(desk)
    write(dialog, TemplatePart.SUBJECT, " ")
    await until(dialog.submit_button.isEnabled)
    dialog.submit()
    await until(lambda: not dialog.error_card.isHidden())
    assert "A message needs a subject." in said(dialog.error_card)
    assert dialog.current_id in desk.drafts


async def test_what_is_typed_is_there_again_after_closing_and_choosing_others(desk):
    dialog = await copied(desk)
    own = dialog.current_id
    write(dialog, TemplatePart.HTML, "<p>Mine {{ url }}</p>")
    dialog.list.chosen.emit("de-DE")
    assert dialog.current_id == "de-DE"
    desk.close()
    dialog = await desk.open(own)
    assert dialog.editor.sources[TemplatePart.HTML].source() == "<p>Mine {{ url }}</p>"
    assert dialog.submit_button.isEnabled()
    stored = await desk.services.templates.find(own)
    assert "Mine" not in stored.html
    dialog.discard_button.click()
    await until(lambda: not dialog.submit_button.isEnabled())
    assert dialog.editor.sources[TemplatePart.HTML].source() == stored.html


async def test_a_deleted_template_comes_back_with_what_was_typed(desk):
    dialog = await copied(desk)
    own = dialog.current_id
    write(dialog, TemplatePart.SMS, "Short {{ url }}")
    dialog.delete_button.click()
    await until(lambda: dialog.current_id == "en-US")
    await until(dialog.undo_button.isVisible)
    assert own not in [each.template_id for each in await desk.services.templates.list()]
    dialog.undo_button.click()
    await until(lambda: dialog.current_id == own)
    assert dialog.editor.sources[TemplatePart.SMS].source() == "Short {{ url }}"


async def test_a_broken_file_is_refused_with_a_sentence(desk, tmp_path):
    dialog = await desk.open("en-US")
    broken = tmp_path / "broken.json"
    broken.write_text("{", "utf-8")
    dialog.import_requested.emit(broken)
    await until(lambda: not dialog.error_card.isHidden())
    assert "broken.json was not imported." in said(dialog.error_card)


async def test_an_exported_template_is_imported_again(desk, tmp_path):
    dialog = await copied(desk)
    own, path = dialog.current_id, tmp_path / "mine.json"
    dialog.export_requested.emit(own, path)
    await until(lambda: path.exists() and path.read_bytes().endswith(b"}\n"))
    assert json.loads(path.read_text("utf-8"))["name"] == "Portal link (2)"
    dialog.import_requested.emit(path)
    await until(lambda: dialog.current_id != own)
    stored = await desk.services.templates.find(own)
    imported = await desk.services.templates.find(dialog.current_id)
    assert replace(imported, template_id=own, name=stored.name) == stored


async def test_a_copy_can_be_the_workspaces_default_and_no_longer(desk):
    dialog = await copied(desk, "fr-FR")
    own, templates = dialog.current_id, desk.services.templates
    dialog.is_default.click()
    await until(lambda: own in dialog._shown.defaults)
    assert (await templates.for_locale("ws", "fr-FR")).template_id == own
    dialog.is_default.click()
    await until(lambda: "fr-FR" in dialog._shown.defaults)
    assert (await templates.for_locale("ws", "fr-FR")).template_id == "fr-FR"


async def test_the_portals_language_chooses_what_is_shown_first(desk):
    dialog = await desk.open(portal=created("one", "harbor-hotel"))
    assert dialog.current_id == "de-DE"
    dialog.language_filter.setCurrentIndex(dialog.language_filter.findData("de-DE"))
    dialog.language_filter.activated.emit(0)
    assert dialog.list.count() == 1


async def test_a_template_without_html_is_shown_as_text(desk):
    dialog = await copied(desk)
    write(dialog, TemplatePart.HTML, "")
    write(dialog, TemplatePart.TEXT, "Only text {{ url }} {{ expires_at }}")
    dialog.editor.show_page(TemplatePart.HTML)
    await until(lambda: "Only text" in shown_text(dialog))
    assert dialog.message.form is MessageForm.TEXT
