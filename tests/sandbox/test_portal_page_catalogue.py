"""Each of the ten languages is complete and translated."""

from __future__ import annotations

import re

import pytest

from seam_portal_desktop.sandbox.portal_page import LOCALES
from seam_portal_desktop.sandbox.portal_page.catalogue import (
    LOCALES_DIR,
    Messages,
    fill,
    load_catalogue,
    plural_category,
)
from tests.support.portal_page_kit import parsed_page

ENGLISH = load_catalogue("en-US")
OTHERS = LOCALES[1:]
SAME_AS_ENGLISH = {"de-DE": {"device.thermostat", "field.name"}}
"""Words that are the same in both languages."""


def variants(message):
    return [message] if isinstance(message, str) else list(message.values())


def test_there_is_a_file_per_locale_and_no_other():
    assert {path.stem for path in LOCALES_DIR.glob("*.json")} == set(LOCALES)


@pytest.mark.parametrize("locale", OTHERS)
def test_the_same_keys_and_placeholders(locale):
    catalogue = load_catalogue(locale)
    assert list(catalogue) == list(ENGLISH)
    for key, message in catalogue.items():
        wanted = set(re.findall(r"\{\w+\}", variants(ENGLISH[key])[-1]))
        for text in variants(message):
            assert text.strip() == text != "", key
            assert set(re.findall(r"\{\w+\}", text)) == wanted, key


@pytest.mark.parametrize("locale", OTHERS)
def test_nothing_is_left_in_english(locale):
    catalogue = load_catalogue(locale)
    same = {key for key, message in catalogue.items() if message == ENGLISH[key]}
    assert same == SAME_AS_ENGLISH.get(locale, set())


@pytest.mark.parametrize("locale", LOCALES)
def test_every_plural_category_has_a_text(locale):
    messages = Messages(locale)
    plural = [key for key, message in ENGLISH.items() if not isinstance(message, str)]
    assert plural
    for key in plural:
        for count in range(130):
            assert str(count) in messages.text(key, count=count)


def test_plural_categories():
    assert [plural_category("ru-RU", n) for n in (1, 2, 5, 11, 12, 21, 22, 111)] == [
        "one", "few", "many", "many", "many", "one", "few", "many",
    ]  # fmt: skip
    assert [plural_category("pl-PL", n) for n in (1, 3, 5, 13, 21, 22)] == [
        "one", "few", "many", "many", "many", "few",
    ]  # fmt: skip
    assert [plural_category("fr-FR", n) for n in (0, 1, 2)] == ["one", "one", "other"]
    assert [plural_category("pt-PT", n) for n in (0, 1, 2)] == ["other", "one", "other"]


@pytest.mark.parametrize("locale", OTHERS)
def test_a_page_has_no_english_in_it(locale):
    english, page = parsed_page().text, parsed_page(locale=locale).text
    sentences = [m for m in ENGLISH.values() if isinstance(m, str) and "{" not in m and " " in m]
    assert sum(sentence in english for sentence in sentences) > 25
    assert [s for s in sentences if s in page] == []


def test_a_template_cannot_read_attributes_of_its_values():
    assert fill("{a} {b} {a.__class__} {0}", {"a": 1}) == "1 {b} {a.__class__} {0}"
