"""The page's texts in ten languages: one JSON file per locale with the same keys."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from seam_portal_desktop.sandbox.portal_page.data import LOCALES
from seam_portal_desktop.sandbox.portal_page.markup import Html

LOCALES_DIR = Path(__file__).parent / "locales"

Catalogue = Mapping[str, str | Mapping[str, str]]
"""Key to text, or to a text per plural category of Unicode CLDR (one, few, many, other)."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@functools.cache
def load_catalogue(locale: str) -> Catalogue:
    """The file of one of LOCALES."""
    text = (LOCALES_DIR / f"{locale}.json").read_text(encoding="utf-8")
    catalogue: Catalogue = json.loads(text)
    return catalogue


def language_names() -> dict[str, str]:
    """Each locale with its language's name in that language."""
    return {locale: str(load_catalogue(locale)["language_name"]) for locale in LOCALES}


class Messages:
    """The texts of one locale, with the overrides of a customization profile.

    ``overrides`` maps a key to a text; unknown keys are ignored.
    """

    def __init__(self, locale: str, overrides: Mapping[str, str] | None = None) -> None:
        self.locale = locale
        self._catalogue = load_catalogue(locale)
        self._overrides = overrides or {}

    def text(self, key: str, /, **values: object) -> str:
        """The text with `values` filled in; ``count`` chooses the plural."""
        return fill(self._template(key, values.get("count")), values)

    def html(self, key: str, /, **values: object) -> Html:
        """The same as markup. Values of type Html are not escaped."""
        safe = {
            name: value if isinstance(value, Html) else escape(str(value))
            for name, value in values.items()
        }
        return Html(fill(escape(self._template(key, values.get("count"))), safe))

    def has(self, key: str) -> bool:
        return key in self._catalogue

    def _template(self, key: str, count: object) -> str:
        message = self._overrides.get(key, self._catalogue[key])
        if isinstance(message, str):
            return message
        return message[plural_category(self.locale, count if isinstance(count, int) else 0)]


def fill(template: str, values: Mapping[str, object]) -> str:
    """Replace ``{name}`` by its value; unknown names stay as they are.

    It isn't str.format: a template may come from a customization profile, and with str.format it
    could read the values' attributes.
    """
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), template)


def plural_category(locale: str, count: int) -> str:
    """The category of a whole number (source: Unicode CLDR plural rules, integers only)."""
    language = locale[:2]
    ones, tens = count % 10, count % 100
    few = 2 <= ones <= 4 and not 12 <= tens <= 14  # noqa: PLR2004 - the rule's own numbers
    if language == "pl":
        return "one" if count == 1 else "few" if few else "many"
    if language == "ru":
        return "one" if ones == 1 and tens != 11 else "few" if few else "many"  # noqa: PLR2004
    if language == "fr":
        return "one" if count in (0, 1) else "other"
    return "one" if count == 1 else "other"
