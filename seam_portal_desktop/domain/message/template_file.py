"""A template of messages as a file, which the user's own are kept in and which can be shared."""

from __future__ import annotations

import json
from typing import Any

from seam_portal_desktop.domain.message.rendering.plain_text import one_line
from seam_portal_desktop.domain.message.template import MessageTemplate, TemplatePart
from seam_portal_desktop.domain.request.base import shorten
from seam_portal_desktop.domain.request.preset import looks_secret
from seam_portal_desktop.domain.request.request import Locale
from seam_portal_desktop.domain.request.text import JsonTextError, read_json
from seam_portal_desktop.texts import _

FORMAT = "seam-portal-message-template"
VERSION = 1
LARGEST_FILE = 1024 * 1024
"""In bytes."""

LONGEST_NAME = 80
_SHOWN = 60
"""Characters of a name from the file in an error message."""

_FIELDS = {"format", "version", "name", "locale", "revision", *TemplatePart}


class TemplateFileError(ValueError):
    """A file is no template, or a template can't be kept. The message is for the user."""


def checked_template_name(text: str) -> str:
    """`text` as a template's name: one line, not empty, not too long. Raises TemplateFileError."""
    name = one_line(text)
    if not name:
        raise TemplateFileError(_("Give the template a name."))
    if len(name) > LONGEST_NAME:
        raise TemplateFileError(
            _("A name may have {longest_name} characters; this has {count}.").format(
                longest_name=LONGEST_NAME, count=len(name)
            )
        )
    return name


def write_template(template: MessageTemplate) -> bytes:
    """The file. Raises TemplateFileError where a text has a link or a key in it, or is too long.

    A link in a template would bring one customer's portal to all others.
    """
    document: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "name": template.name,
        "locale": template.locale,
        "revision": template.version,
    } | {part.value: template.source(part) for part in TemplatePart}
    _refuse_secrets(template)
    content = (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode(
        errors="replace"  # half a surrogate pair
    )
    if len(content) > LARGEST_FILE:
        raise TemplateFileError(_too_large())
    return content


def read_template(data: bytes, template_id: str) -> MessageTemplate:
    """Parse a file, which anyone may have written. Raises TemplateFileError."""
    if len(data) > LARGEST_FILE:
        raise TemplateFileError(_too_large())
    document = _document(data)
    unknown = document.keys() - _FIELDS
    if unknown:
        raise TemplateFileError(
            _("The file has a field ‘{unknown}’ that templates don’t have.").format(
                unknown=shorten(min(unknown), _SHOWN)
            )
        )
    for field in ("name", "locale", *TemplatePart):
        if not isinstance(document.get(field, ""), str):
            raise TemplateFileError(_("The file’s field ‘{field}’ is no text.").format(field=field))
    locale = document.get("locale", "")
    if locale not in list(Locale):
        raise TemplateFileError(
            _("The file names a language that portals don’t have: ‘{locale}’.").format(
                locale=shorten(locale, _SHOWN)
            )
        )
    revision = document.get("revision", 1)
    if not isinstance(revision, int) or isinstance(revision, bool) or revision < 1:
        raise TemplateFileError(_("The file doesn’t say how often the template was changed."))
    template = MessageTemplate(
        template_id=template_id,
        name=checked_template_name(document.get("name", "")),
        locale=locale,
        subject=document.get("subject", ""),
        text=document.get("text", ""),
        html=document.get("html", ""),
        sms=document.get("sms", ""),
        version=revision,
    )
    if not template.subject.strip() or not template.text.strip():
        raise TemplateFileError(_("The file’s template has no subject or no text."))
    _refuse_secrets(template)
    return template


def _too_large() -> str:
    return _("A template has at most {largest_file} KB; this one is larger.").format(
        largest_file=LARGEST_FILE // 1024
    )


def _refuse_secrets(template: MessageTemplate) -> None:
    for text in (template.name, *map(template.source, TemplatePart)):
        if looks_secret(text):
            raise TemplateFileError(
                _(
                    "It has a customer’s link or a key in it, which every customer would get. "
                    "Write {url} where the link belongs."
                ).format(url="{{ url }}")
            )


def _document(data: bytes) -> dict[str, Any]:
    try:
        document = read_json(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise TemplateFileError(_("This is not a text file.")) from None
    except JsonTextError as error:
        raise TemplateFileError(
            _("This is not JSON: {reason}.").format(reason=error.reason)
        ) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise TemplateFileError(_("This file is not a message template of this program."))
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise TemplateFileError(_("The file does not say which version of the format it has."))
    if version > VERSION:
        raise TemplateFileError(_("The file was made by a newer version of this program."))
    return document
