"""The texts for people, in the user's language. Every layer uses it, so it imports none.

The language is chosen when this module is imported, because many texts are constants of their
modules. No catalog is shipped yet: texts are English unless the variable below names one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import GNUTranslations

CATALOG_VARIABLE = "SEAM_PORTAL_DESKTOP_CATALOG"
"""The environment variable with the path of a compiled catalog (.mo), to try out a translation."""


def _load_catalog(path: str | None) -> GNUTranslations | None:
    if not path:
        return None
    from gettext import GNUTranslations  # not needed for English

    with Path(path).open("rb") as file:
        return GNUTranslations(file)


_catalog = _load_catalog(os.environ.get(CATALOG_VARIABLE))


def _(text: str) -> str:
    """The text in the user's language. `text` is a literal: the template is made from the source.

    What is put into it is a named placeholder, so that a translation can move it:
    ``_("{count} of {total} links").format(count=…, total=…)``.
    """
    return text if _catalog is None else _catalog.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The text for `count` things. Languages have up to six forms, so a text is never put together.

    ``ngettext("1 link", "{count} links", count).format(count=…)``
    """
    if _catalog is None:
        return one if count == 1 else many
    return _catalog.ngettext(one, many, count)


def is_right_to_left() -> bool:
    """Whether windows are mirrored."""
    # For translators: the direction of your language. Write RTL for Arabic or Hebrew, else LTR.
    return _("LTR") == "RTL"
