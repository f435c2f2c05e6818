"""The templates that come with the program, in all languages of portals."""

from __future__ import annotations

import pytest

from seam_portal_desktop.adapters.templates.store import FileTemplateStore
from seam_portal_desktop.domain.message.template import Brand, InlineImage
from seam_portal_desktop.domain.request.request import Locale
from seam_portal_desktop.paths import resource
from tests.support.message_facts import URL, make_facts

pytestmark = pytest.mark.anyio

LOGO = InlineImage("logo", "image/png", b"made up", "Acme Stays")


async def shipped(tmp_path):
    stored = await FileTemplateStore(tmp_path, resource("message_templates")).load()
    return {each.locale: each for each in stored.templates}


async def test_each_language_has_one_and_none_has_a_warning(tmp_path, renderer):
    templates = await shipped(tmp_path)
    assert [*templates] == [locale.value for locale in Locale]
    texts = set()
    for locale, template in templates.items():
        facts = make_facts(locale=locale, display_name="قصر <b>& 🏨", brand=Brand("#ffee00", LOGO))
        message = await renderer.render(template, facts)
        assert message.warnings == ()
        assert message.text.split("\n").count(URL) == message.sms.split("\n").count(URL) == 1
        assert "\u2068قصر <b>& 🏨\u2069" in message.text
        assert "<bdi>قصر &lt;b&gt;&amp; 🏨</bdi>" in message.html
        assert f'<html lang="{locale}" dir="ltr">' in message.html
        assert message.images == (LOGO,)
        texts.add(message.text)
    assert len(texts) == len(Locale)


@pytest.mark.parametrize("locale", list(Locale))
async def test_empty_facts_leave_no_gap(tmp_path, renderer, locale):
    template = (await shipped(tmp_path))[locale]
    facts = make_facts(company="", operator="", sender_signature="", features=(), own={})
    message = await renderer.render(template, facts)
    assert not message.subject.startswith(":")
    assert "\n\n\n" not in message.text
    assert message.images == ()
