"""Templates as files: the user's own, and the shipped ones, which share one layout."""

from __future__ import annotations

import asyncio
import json
import uuid
from pathlib import Path
from string import Template

from seam_portal_desktop.adapters.files.disk import read_start, technical_text
from seam_portal_desktop.adapters.files.user_files import read_file, write_file
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.ports import StoredTemplates
from seam_portal_desktop.domain.message.template import MessageTemplate
from seam_portal_desktop.domain.message.template_file import (
    LARGEST_FILE,
    TemplateFileError,
    read_template,
    write_template,
)
from seam_portal_desktop.domain.request.request import Locale
from seam_portal_desktop.texts import _

_MOST_FILES = 500
_NAME = "{{ display_name }}"


class FileTemplateStore:
    """See the port. `folder` is created when the first template is saved.

    `shipped` has the sentences of each language in ``<locale>.json``, and the layouts for them:
    ``layout.html``, ``layout.txt`` and ``layout-sms.txt``.
    """

    def __init__(self, folder: Path, shipped: Path) -> None:
        self._folder = folder
        self._shipped = shipped

    async def load(self) -> StoredTemplates:
        return await asyncio.to_thread(self._load)

    async def save(self, template: MessageTemplate) -> None:
        content = _content(template)
        try:
            await asyncio.to_thread(self._folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _failed(_("The folder for templates could not be made."), error) from None
        await write_file(self._path(template.template_id), content)

    async def delete(self, template_id: str) -> None:
        path = self._path(template_id)
        try:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        except OSError as error:
            raise _failed(_("The template could not be deleted."), error) from None

    async def read_file(self, path: Path) -> MessageTemplate:
        content = await read_file(path, LARGEST_FILE)
        try:
            return read_template(content, str(uuid.uuid4()))
        except TemplateFileError as error:
            raise UserFacingError(
                _("{path} was not imported.").format(path=path.name), str(error)
            ) from None

    async def write_file(self, template: MessageTemplate, path: Path) -> None:
        await write_file(path, _content(template))

    def _path(self, template_id: str) -> Path:
        # Parsed, so that an id with a path in it is refused.
        return self._folder / f"{uuid.UUID(template_id)}.json"

    def _load(self) -> StoredTemplates:
        shipped = [self._read_shipped(locale) for locale in Locale]
        own: list[MessageTemplate] = []
        unreadable: list[str] = []
        for path in sorted(self._folder.glob("*.json"))[:_MOST_FILES]:
            try:
                # At most one byte more than a template may have: a larger file is refused.
                own.append(
                    read_template(read_start(path, LARGEST_FILE + 1), str(uuid.UUID(path.stem)))
                )
            except (OSError, ValueError):
                unreadable.append(path.name)
        return StoredTemplates((*shipped, *own), tuple(unreadable))

    def _read_shipped(self, locale: Locale) -> MessageTemplate:
        sentences = json.loads((self._shipped / f"{locale.value}.json").read_text("utf-8"))
        # A name that is written from right to left must not turn the sentence around it.
        isolated = sentences["greeting"].replace(_NAME, f"<bdi>{_NAME}</bdi>")
        return MessageTemplate(
            template_id=locale.value,
            name=_("Portal link"),
            locale=locale.value,
            subject=sentences["subject"],
            text=self._fill("layout.txt", sentences),
            html=self._fill("layout.html", {**sentences, "greeting": isolated}),
            sms=self._fill("layout-sms.txt", sentences),
            version=sentences["revision"],
            is_shipped=True,
        )

    def _fill(self, layout: str, sentences: dict[str, str]) -> str:
        return Template((self._shipped / layout).read_text("utf-8")).substitute(sentences)


def _content(template: MessageTemplate) -> bytes:
    try:
        return write_template(template)
    except TemplateFileError as error:
        raise UserFacingError(_("This template can’t be kept."), str(error)) from None


def _failed(title: str, error: OSError) -> UserFacingError:
    message = _("Check that the file is still there and that you may use it.")
    return UserFacingError(title, message, technical=technical_text(error), can_retry=True)
