"""The templates of messages: which one is used, and what the user does with their own."""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.feature_words import feature_words
from seam_portal_desktop.domain.message.ports import TemplateStore
from seam_portal_desktop.domain.message.sender import SenderIdentity
from seam_portal_desktop.domain.message.template import (
    MessageFacts,
    MessageTemplate,
    TemplatePart,
)
from seam_portal_desktop.domain.message.template_file import (
    LONGEST_NAME,
    TemplateFileError,
    checked_template_name,
)
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.request.request import Locale
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _

_DEFAULTS = "default_templates"
_NUMBER = re.compile(r" \(\d+\)$")
_SAMPLE_URL = "https://portal.example.com/portals/00000000-0000-4000-8000-000000000000?token=sample"
_SAMPLE_FEATURES = frozenset({"connect", "manage"})


class TemplateService:
    """The shipped templates, one a locale, and the user's own. Methods raise UserFacingError and
    nothing else.

    A workspace's default for a locale is in `data`'s options; `save_preferences` writes them.
    """

    def __init__(
        self,
        store: TemplateStore,
        data: PreferencesData,
        save_preferences: Callable[[], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self._store = store
        self._data = data
        self._save_preferences = save_preferences
        self._clock = clock
        self._templates: list[MessageTemplate] | None = None
        self._unreadable: tuple[str, ...] = ()

    @property
    def unreadable(self) -> tuple[str, ...]:
        """The names of files in the user's folder that are no templates, since the last `list`."""
        return self._unreadable

    async def list(self) -> Sequence[MessageTemplate]:
        """The shipped templates in the order of the locales, then the user's by name."""
        if self._templates is None:
            stored = await self._store.load()
            # Another call may have loaded them meanwhile, and saved one since.
            if self._templates is None:
                self._templates, self._unreadable = list(stored.templates), stored.unreadable
        self._templates.sort(key=_sort_key)
        return tuple(self._templates)

    async def find(self, template_id: str) -> MessageTemplate:
        for template in await self.list():
            if template.template_id == template_id:
                return template
        raise UserFacingError(_("This template is gone."), _("It was deleted. Choose another one."))

    async def for_locale(self, workspace_id: str, locale: str) -> MessageTemplate:
        """The workspace's default for this language, else the shipped template of it.

        Another country's form of the language is better than English.
        """
        default = await self.default_of(workspace_id, locale)
        if default is not None:
            return default
        shipped = [each for each in await self.list() if each.is_shipped]
        language = locale.partition("-")[0]
        return (
            next((each for each in shipped if each.locale == locale), None)
            or next((each for each in shipped if each.locale.startswith(f"{language}-")), None)
            or next(each for each in shipped if each.locale == Locale.EN_US)
        )

    async def copy(self, template_id: str) -> MessageTemplate:
        """Add a template of the user's own, with the same texts. It gets a free name."""
        return await self._add(await self.find(template_id))

    async def save(self, template: MessageTemplate) -> MessageTemplate:
        """Replace the texts and the language of one of the user's own.

        Its version grows if a text is another than before. The name is changed by `rename` only.
        """
        stored = await self._own(template.template_id)
        if template.locale not in list(Locale):
            raise ValueError(f"Portals have no locale {template.locale}.")
        _refuse_empty(template)
        changed = replace(template, name=stored.name, version=stored.version, is_shipped=False)
        if changed == stored:
            return stored
        if template.locale != stored.locale:
            changed = replace(changed, name=await self._free(stored.name, template.locale))
        return await self._save(replace(changed, version=stored.version + 1))

    async def rename(self, template_id: str, name: str) -> MessageTemplate:
        """The version stays: what is sent is the same."""
        template = await self._own(template_id)
        try:
            checked = checked_template_name(name)
        except TemplateFileError as error:
            raise UserFacingError(_("The template was not renamed."), str(error)) from None
        if checked in await self._names(template.locale, template_id):
            raise UserFacingError(
                _("The template was not renamed."),
                _("There is one named {template} in this language already.").format(
                    template=checked
                ),
            )
        return await self._save(replace(template, name=checked))

    async def delete(self, template_id: str) -> MessageTemplate:
        """Delete one of the user's own and return it for `restore`."""
        template = await self._own(template_id)
        await self._store.delete(template_id)
        self._templates = [each for each in await self.list() if each.template_id != template_id]
        return template

    async def restore(self, template: MessageTemplate) -> MessageTemplate:
        """Undo `delete`. It is again the default where it was."""
        return await self._save(template)

    async def import_file(self, path: Path) -> MessageTemplate:
        """Add the template of a file. If its name exists in its language, it gets a number."""
        return await self._add(await self._store.read_file(path))

    async def export_file(self, template_id: str, path: Path) -> None:
        await self._store.write_file(await self.find(template_id), path)

    async def default_of(self, workspace_id: str, locale: str) -> MessageTemplate | None:
        """The template that was chosen for this workspace and language, or None."""
        default_id = self._defaults().get(workspace_id, {}).get(locale)
        for template in await self.list():
            # The user may have changed its language since.
            if template.template_id == default_id and template.locale == locale:
                return template
        return None

    async def make_default(self, workspace_id: str, template_id: str) -> None:
        """Use the template in this workspace for portals in its language."""
        template = await self.find(template_id)
        await self._set_default(workspace_id, template.locale, template_id)

    async def clear_default(self, workspace_id: str, locale: str) -> None:
        """Use the shipped template for this language again."""
        await self._set_default(workspace_id, locale, None)

    def sample_facts(
        self, locale: str, time_zone: str, sender: SenderIdentity | None = None
    ) -> MessageFacts:
        """A made-up portal, to show a template without a real one. Its link doesn't work."""
        now = self._clock()
        return MessageFacts(
            customer_key="harbor-hotel",
            display_name=_("Harbor Hotel"),
            url=Secret(_SAMPLE_URL),
            expires_at=now + timedelta(days=6, hours=23),
            now=now,
            locale=locale,
            time_zone=time_zone,
            company=(sender.company if sender else "") or _("Acme Stays"),
            operator=(sender.operator if sender else "") or _("Robin Doe"),
            sender_signature=(sender.signature if sender else "") or _("Acme Stays"),
            features=feature_words(_SAMPLE_FEATURES, locale),
            own=sender.own_fields if sender else {},
        )

    def _defaults(self) -> dict[str, dict[str, str]]:
        defaults = self._data.options.get(_DEFAULTS)
        return defaults if isinstance(defaults, dict) else {}

    async def _set_default(self, workspace_id: str, locale: str, template_id: str | None) -> None:
        chosen = {**self._defaults().get(workspace_id, {})}
        chosen.pop(locale, None)
        if template_id is not None:
            chosen[locale] = template_id
        self._data.options[_DEFAULTS] = {**self._defaults(), workspace_id: chosen}
        await self._save_preferences()

    async def _add(self, template: MessageTemplate) -> MessageTemplate:
        return await self._save(
            replace(
                template,
                template_id=str(uuid.uuid4()),
                name=await self._free(template.name, template.locale),
                version=1,
                is_shipped=False,
            )
        )

    async def _save(self, template: MessageTemplate) -> MessageTemplate:
        await self._store.save(template)
        others = [each for each in await self.list() if each.template_id != template.template_id]
        self._templates = [*others, template]
        return template

    async def _own(self, template_id: str) -> MessageTemplate:
        template = await self.find(template_id)
        if template.is_shipped:
            raise UserFacingError(
                _("{template} comes with the program.").format(template=template.name),
                _("It can’t be changed. Make a copy and change that."),
            )
        return template

    async def _names(self, locale: str, but: str = "") -> set[str]:
        """The names of the templates in a language, without one of them."""
        return {
            each.name
            for each in await self.list()
            if each.locale == locale and each.template_id != but
        }

    async def _free(self, name: str, locale: str) -> str:
        """The name, with a number if it is taken."""
        names = {each.casefold() for each in await self._names(locale)}
        number, numbered = 2, name
        if name.casefold() in names:
            name = _NUMBER.sub("", name)
        while numbered.casefold() in names:
            end = f" ({number})"
            numbered = f"{name[: LONGEST_NAME - len(end)].rstrip()}{end}"
            number += 1
        return numbered


def _sort_key(template: MessageTemplate) -> tuple[bool, int, str]:
    order = list(Locale).index(Locale(template.locale))
    if template.is_shipped:
        return False, order, ""
    return True, 0, template.name.casefold()


def _refuse_empty(template: MessageTemplate) -> None:
    for part, message in (
        (TemplatePart.SUBJECT, _("A message needs a subject.")),
        (TemplatePart.TEXT, _("A message needs a text, also for those who read no HTML.")),
    ):
        if not template.source(part).strip():
            raise UserFacingError(_("The template was not saved."), message)
