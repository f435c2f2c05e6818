"""Joins one dialog of templates to the services: what is typed is kept, rendered and saved."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.rendering.names import FILTERS, NAMES, OWN
from seam_portal_desktop.domain.message.template import MessageFacts, MessageTemplate
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.request.request import Locale
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.templates.dialog import ShownTemplates, TemplatesDialog
from seam_portal_desktop.ui.toolkit.form_parts import one_line, short_key
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

_PAUSE_SECONDS = 0.3
"""The pause between the last key and the new message."""

_RENDER = "render edited template"

Drafts = dict[str, MessageTemplate]
"""The user's own templates with changes that aren't saved, by template_id."""


class TemplateSession(QObject):
    """Works from `start` until the dialog is closed. Changes `drafts`, which outlives it.

    Messages are shown with `portal`, or with a made-up one.
    """

    def __init__(
        self,
        dialog: TemplatesDialog,
        services: AppServices,
        workspace_id: str,
        portal: PortalRecord | None,
        drafts: Drafts,
        scope: TaskScope,
    ) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._services = services
        self._templates = services.templates
        self._workspace_id = workspace_id
        self._portal = portal
        self._drafts = drafts
        self._scope = scope
        self._stored: dict[str, MessageTemplate] = {}
        self._facts: dict[str, MessageFacts] = {}
        self._is_closed = False
        self.copies: dict[str, str] = {}
        """The ids of templates that were copied, each with that of its last copy."""

        self.deleted: tuple[MessageTemplate, MessageTemplate | None] | None = None
        """The template that was deleted last, and its draft."""

        dialog.chosen.connect(lambda _id: self._render_soon(0))
        dialog.edited.connect(self._on_edited)
        dialog.save_requested.connect(lambda template: self._start(self._save(template)))
        dialog.copy_requested.connect(lambda which: self._start(self._copy(which)))
        dialog.discard_requested.connect(self._discard)
        dialog.delete_requested.connect(lambda which: self._start(self._delete(which)))
        dialog.undo_button.clicked.connect(lambda _: self._start(self._restore()))
        dialog.default_requested.connect(
            lambda which, on: self._start(self._set_default(which, is_default=on))
        )
        dialog.import_requested.connect(lambda path: self._start(self._import(path)))
        dialog.export_requested.connect(
            lambda which, path: self._start(self._templates.export_file(which, path))
        )
        dialog.finished.connect(self._on_finished)

    def start(self, template_id: str = "") -> None:
        """Read the templates and show one: this, or else the one that the portal would get."""
        self._dialog.message.show_writing()
        self._start(self._load(template_id))

    async def _load(self, template_id: str) -> None:
        sender = self._services.senders.default(self._workspace_id)
        names = {name: text for name, text in NAMES.items() if name != OWN}
        for name in sender.own_fields if sender else ():
            names[f"{OWN}.{name}"] = _("Your own field, from the sender.")
        self._dialog.editor.set_words(names, FILTERS)
        if not template_id:
            locale = Locale.EN_US.value
            if self._portal is not None:
                locale = await self._services.composer.locale_of(self._portal)
            template_id = (await self._templates.for_locale(self._workspace_id, locale)).template_id
        await self._show(template_id)
        unreadable = self._templates.unreadable
        if unreadable and not self._is_closed:
            self._dialog.error_card.set_error(
                UserFacingError(
                    _("Some templates could not be read."),
                    _("These files stay: {files}").format(
                        files=", ".join(one_line(each) for each in unreadable)
                    ),
                )
            )

    async def _shown(self) -> ShownTemplates:
        templates = await self._templates.list()
        self._stored = {each.template_id: each for each in templates}
        defaults = [
            (await self._templates.for_locale(self._workspace_id, locale.value)).template_id
            for locale in Locale
        ]
        return ShownTemplates(templates, self._drafts, frozenset(defaults))

    async def _show(self, template_id: str = "") -> None:
        """Show the templates as they are now, and this one in the editor."""
        shown = await self._shown()
        if not self._is_closed:
            self._dialog.show_templates(shown, template_id)
            self._render_soon(0)

    async def _mark(self) -> None:
        shown = await self._shown()
        if not self._is_closed:
            self._dialog.set_marks(shown)

    def _on_edited(self, template: MessageTemplate) -> None:
        stored = self._stored.get(template.template_id)
        if stored is None:
            return
        was_unsaved = template.template_id in self._drafts
        if replace(template, version=stored.version) == stored:
            self._drafts.pop(template.template_id, None)
        else:
            self._drafts[template.template_id] = template
        if was_unsaved != (template.template_id in self._drafts):
            self._start(self._mark())
        self._render_soon(_PAUSE_SECONDS)

    async def _save(self, template: MessageTemplate) -> None:
        template_id = template.template_id
        stored = await self._templates.find(template_id)
        if template.name != stored.name:
            await self._templates.rename(template_id, template.name)
        saved = await self._templates.save(template)
        if self._drafts.get(template_id) != template:
            # Typed since. It is a change of the new version.
            await self._mark()
            return
        del self._drafts[template_id]
        if not self._is_closed:
            await self._show(template_id if self._dialog.current_id == template_id else "")
            announce(self._dialog, _("Version {version} is saved.").format(version=saved.version))

    async def _copy(self, template_id: str) -> None:
        copied = await self._templates.copy(template_id)
        self.copies[template_id] = copied.template_id
        draft = self._drafts.get(template_id)
        if draft is not None:
            self._drafts[copied.template_id] = replace(
                draft,
                template_id=copied.template_id,
                name=copied.name,
                version=copied.version,
            )
        await self._show(copied.template_id)
        if not self._is_closed:
            self._dialog.editor.name.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self._dialog.editor.name.edit.selectAll()

    def _discard(self, template_id: str) -> None:
        self._drafts.pop(template_id, None)
        self._start(self._show(template_id))

    async def _delete(self, template_id: str) -> None:
        deleted = await self._templates.delete(template_id)
        self.deleted = deleted, self._drafts.pop(template_id, None)
        following = await self._templates.for_locale(self._workspace_id, deleted.locale)
        await self._show(following.template_id)
        if not self._is_closed:
            self._dialog.show_deleted(deleted.name)

    async def _restore(self) -> None:
        if self.deleted is None:
            return
        deleted, draft = self.deleted
        self.deleted = None
        await self._templates.restore(deleted)
        if draft is not None:
            self._drafts[deleted.template_id] = draft
        await self._show(deleted.template_id)
        if not self._is_closed:
            self._dialog.hide_undo()

    async def _set_default(self, template_id: str, *, is_default: bool) -> None:
        template = await self._templates.find(template_id)
        if is_default and not template.is_shipped:
            await self._templates.make_default(self._workspace_id, template_id)
        else:
            await self._templates.clear_default(self._workspace_id, template.locale)
        await self._mark()

    async def _import(self, path: Path) -> None:
        imported = await self._templates.import_file(path)
        await self._show(imported.template_id)

    def _render_soon(self, pause: float) -> None:
        """Render what is in the editor after `pause` seconds. An older rendering is dropped."""
        if not self._is_closed:
            self._dialog.message.show_writing()
            self._scope.start(self._render(pause), name=_RENDER)

    async def _render(self, pause: float) -> None:
        await asyncio.sleep(pause)
        template = self._dialog.editor.template()
        if template is None:
            return
        try:
            facts = await self._facts_in(template.locale)
            rendered = await self._services.composer.render(template, facts)
        except UserFacingError as error:
            self._dialog.show_problem(error)
        else:
            self._dialog.show_rendered(rendered)

    async def _facts_in(self, locale: str) -> MessageFacts:
        """The portal's facts in this language, read once; made-up ones without a link."""
        if locale not in self._facts:
            self._facts[locale] = await self._read_facts(locale)
        return self._facts[locale]

    async def _read_facts(self, locale: str) -> MessageFacts:
        composer, portal = self._services.composer, self._portal
        sender = self._services.senders.default(self._workspace_id)
        if portal is not None:
            key = short_key(portal.customer_key)
            try:
                facts = await composer.facts(portal, sender, locale=locale)
            except UserFacingError:
                text = _("Shown with a made-up portal: the link of {key} can’t be used.")
            else:
                self._dialog.shown_with.set_full_text(_("Shown with {key}").format(key=key))
                return facts
            self._dialog.shown_with.set_full_text(text.format(key=key))
        else:
            self._dialog.shown_with.set_full_text(_("Shown with a made-up portal"))
        return self._templates.sample_facts(locale, composer.local_zone(), sender)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work`, which goes on when the dialog closes. Show its error where the user is."""

        async def run() -> None:
            try:
                await work
            except UserFacingError as error:
                if self._is_closed:
                    raise
                self._dialog.show_error(error)

        self._scope.start(run())

    def _on_finished(self) -> None:
        self._is_closed = True
        self._scope.cancel(_RENDER)
