"""Any name, any link: what reaches the customer is right."""

from __future__ import annotations

import string
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seam_portal_desktop.adapters.templates.store import FileTemplateStore
from seam_portal_desktop.domain.message.rendering.plain_text import link_for_text, one_line
from seam_portal_desktop.domain.request.request import Locale
from seam_portal_desktop.paths import resource
from tests.support.message_facts import make_facts, make_template

pytestmark = pytest.mark.anyio

IN_URLS = string.ascii_letters + string.digits + "-._~:/?#[]@!$&'()*+,;=%\"<>`{}|^\\"
urls = st.builds(
    lambda middle, last: f"https://portal.example.com/?token=seam_cst_{middle}{last}",
    st.text(IN_URLS, min_size=8, max_size=1160),
    st.sampled_from(IN_URLS),
)
names = st.text(max_size=80).filter(lambda name: "seam_cst" not in name)
ANY_FACTS = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the renderer has no state between messages


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str | None] = []
        self.words = ""
        self.titles = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.links.append(dict(attrs).get("href"))

    def handle_data(self, data):
        self.words += data


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    store = FileTemplateStore(tmp_path_factory.mktemp("none"), resource("message_templates"))
    templates = {each.locale: each for each in store._load().templates}
    return lambda locale: templates[locale]


@ANY_FACTS
@given(url=urls, name=names, company=names, locale=st.sampled_from(list(Locale)))
async def test_shipped_templates_carry_any_name_and_link(
    renderer, shipped, *, url, name, company, locale
):
    facts = make_facts(url, locale=locale, display_name=name, company=company)
    message = await renderer.render(shipped(locale), facts)
    assert message.warnings == ()
    assert message.subject == one_line(message.subject)
    written = link_for_text(url)
    for text in (message.text, message.sms):
        assert text.split("\n").count(written) == 1
        assert text.count(written) == 1
    page = Page(message.html)
    assert page.links == [url, url]
    assert url in page.words
    # The name is there once more than in a message for nobody, letter for letter.
    assert one_line(name) in page.words


@ANY_FACTS
@given(urls, st.text(string.punctuation + " x\n", max_size=5), st.text(max_size=5))
async def test_what_is_written_around_a_link_never_becomes_part_of_it(renderer, url, before, after):
    def literal(text: str) -> str:
        return "{{ '" + text.encode("unicode_escape").decode().replace("'", "\\'") + "' }}"

    around = f"{literal(before)}{{{{ url }}}}{literal(after)}"
    message = await renderer.render(make_template(text=around, sms=around), make_facts(url))
    for text in (message.text, message.sms):
        assert link_for_text(url) in text.split("\n")
        for line in text.split("\n"):
            assert line == link_for_text(url) or link_for_text(url) not in line


@ANY_FACTS
@given(names)
async def test_a_name_is_neither_markup_nor_a_second_header(renderer, name):
    template = make_template(
        subject="For {{ display_name }}!",
        html='<p title="{{ display_name }}">{{ display_name }}</p><a href="{{ url }}">x</a>',
    )
    message = await renderer.render(template, make_facts(display_name=name))
    shown = one_line(name) or "harbor-hotel"
    assert message.subject == one_line(f"For {shown}!")
    page = Page(message.html)
    assert page.words.strip() == f"{message.subject}{shown}x"
