"""A preset: a request without one customer's data, and the file that stores it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import UNSET

from seam_portal_desktop.domain.request import PortalRequest, encode_request
from seam_portal_desktop.domain.request.base import shorten
from seam_portal_desktop.domain.request.problems import check_against_contract
from seam_portal_desktop.domain.request.text import JsonTextError, read_json, write_request
from seam_portal_desktop.domain.tables.remembered import RememberedMapping, read_remembered
from seam_portal_desktop.texts import _

FORMAT = "seam-portal-preset"
VERSION = 2
"""Written only where it is needed. Version 1 has no mappings of tables."""

_FIRST_VERSION = 1
LARGEST_FILE = 256 * 1024
"""In bytes. A preset has settings and a few texts, so a larger file is no preset."""

LONGEST_NAME = 80
_SHOWN = 60
"""Characters of a name from the file in an error message."""


# Unicode's categories of invisible characters.
_INVISIBLE = frozenset({"Cc", "Cs", "Co", "Cn"})

CUSTOMERS_OWN = ("customer_data", "landing_page", "deep_link")
"""The fields with, or about, one customer's own people, places and stays."""

# seam_passport is a device provider: only what is longer, or has digits, is a credential.
_SECRET = re.compile(
    r"seam_(?:at|cst|pk)\w{4,}|seam_\w{16,}|seam_(?=\w*[0-9])\w{8,}"
    r"|\bey[\w-]{10,}\.[\w-]{10,}|[?&]token=[^\s&]|\bBearer\s+\S{8,}",
    re.ASCII,
)


class PresetVertical(StrEnum):
    """The line of business that a preset is for."""

    ANY = ""
    SHORT_TERM_RENTAL = "short_term_rental"
    HOSPITALITY = "hospitality"
    MULTI_FAMILY = "multi_family"
    GYM = "gym"


@dataclass(frozen=True, slots=True)
class Preset:
    """``preset_id`` is UUID text, or for a shipped one its file's name. ``request`` has no
    customer_data, landing_page or deep_link; ``shipped`` ones can't be changed. ``table_mappings``
    are in a file that is exported, and nowhere else."""

    preset_id: str
    name: str
    vertical: PresetVertical
    request: PortalRequest
    shipped: bool = False
    table_mappings: tuple[RememberedMapping, ...] = ()


class PresetError(ValueError):
    """A file is no preset, or a preset can't be saved. The message is for the user."""


def without_customer(request: PortalRequest) -> PortalRequest:
    """`request` without the fields in CUSTOMERS_OWN."""
    return msgspec.structs.replace(request, **dict.fromkeys(CUSTOMERS_OWN, UNSET))


def for_customer(preset: PortalRequest, request: PortalRequest) -> PortalRequest:
    """`preset` with the fields in CUSTOMERS_OWN from `request`."""
    own = {name: getattr(request, name) for name in CUSTOMERS_OWN}
    return msgspec.structs.replace(preset, **own)


def checked_name(text: str) -> str:
    """`text` as a preset's name: one line, not empty, not too long. Raises PresetError."""
    visible = "".join(
        each for each in text if each.isspace() or unicodedata.category(each) not in _INVISIBLE
    )
    name = " ".join(visible.split())
    if not name:
        raise PresetError(_("Give the preset a name."))
    if len(name) > LONGEST_NAME:
        raise PresetError(
            _("A name may have {longest_name} characters; this has {count}.").format(
                longest_name=LONGEST_NAME, count=len(name)
            )
        )
    return name


def looks_secret(text: str) -> bool:
    """Whether a credential or a portal link seems to be in the text."""
    return _SECRET.search(text) is not None


def _refuse_secrets(preset: Preset) -> None:
    """Raise PresetError where a text looks like a credential or a portal link.

    A preset is shared as a plain file.
    """
    for path, text in _texts(msgspec.json.decode(encode_request(preset.request)), "request"):
        if looks_secret(text):
            raise PresetError(
                _("{path} holds what looks like a key or a link. Take it out first.").format(
                    path=path
                )
            )
    for mapping in preset.table_mappings:
        if any(map(looks_secret, [*mapping.targets, *mapping.targets.values()])):
            raise PresetError(_("The title of an imported column looks like a key or a link."))
    if looks_secret(preset.name):
        raise PresetError(_("The name looks like a key or a link."))


_FIELDS = {"format", "version", "name", "vertical", "request", "table_mappings"}


def write_preset(preset: Preset) -> str:
    """The file's text. Raises PresetError where a text looks like a secret."""
    _refuse_secrets(preset)
    document = {
        "format": FORMAT,
        "version": VERSION if preset.table_mappings else _FIRST_VERSION,
        "name": preset.name,
        "vertical": preset.vertical.value,
        "request": msgspec.json.decode(encode_request(without_customer(preset.request))),
    }
    if preset.table_mappings:
        document["table_mappings"] = [each.to_json() for each in preset.table_mappings]
    return write_request(document) + "\n"


def read_preset(data: bytes, preset_id: str, *, shipped: bool = False) -> Preset:
    """Parse a file, which anyone may have written. Raises PresetError."""
    if len(data) > LARGEST_FILE:
        raise PresetError(
            _("A preset has at most {largest_file} KB; this file is larger.").format(
                largest_file=LARGEST_FILE // 1024
            )
        )
    document = _document(data)
    unknown = document.keys() - _FIELDS
    if unknown:
        raise PresetError(
            _("The file has a field ‘{unknown}’ that presets don’t have.").format(
                unknown=shorten(min(unknown), _SHOWN)
            )
        )
    name, vertical, wire = (document.get(each) for each in ("name", "vertical", "request"))
    if not isinstance(name, str):
        raise PresetError(_("The file gives the preset no name."))
    if not isinstance(vertical, str) or vertical not in list(PresetVertical):
        raise PresetError(
            _("The file names a vertical that is unknown here: ‘{vertical}’.").format(
                vertical=shorten(vertical, _SHOWN)
            )
        )
    if not isinstance(wire, dict):
        raise PresetError(_("The file has no request in it."))
    for own in CUSTOMERS_OWN:
        if own in wire:
            raise PresetError(
                _("The file holds one customer’s own data: request.{own}.").format(own=own)
            )
    checked = check_against_contract(wire)
    if checked.request is None:
        first = checked.problems[0]
        path = f"request.{shorten(first.path, _SHOWN)}" if first.path else "request"
        raise PresetError(f"{path}: {first.reason}.")
    preset = Preset(
        preset_id,
        checked_name(name),
        PresetVertical(vertical),
        checked.request,
        shipped,
        _table_mappings(document.get("table_mappings", [])),
    )
    _refuse_secrets(preset)
    return preset


def _table_mappings(stored: object) -> tuple[RememberedMapping, ...]:
    mappings = list(map(read_remembered, stored)) if isinstance(stored, list) else [None]
    usable = [each for each in mappings if each is not None]
    if len(usable) < len(mappings):
        raise PresetError(_("The file says in an unknown way where columns of tables go."))
    return tuple(usable)


def _document(data: bytes) -> dict[str, Any]:
    try:
        document = read_json(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise PresetError(_("This is not a text file.")) from None
    except JsonTextError as error:
        raise PresetError(_("This is not JSON: {reason}.").format(reason=error.reason)) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise PresetError(_("This file is not a preset of this program."))
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise PresetError(_("The file does not say which version of the format it has."))
    if version > VERSION:
        raise PresetError(_("The file was made by a newer version of this program."))
    return document


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, f"{path}.{index}")
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _texts(each, f"{path}.{name}")
