"""What becomes of a template."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.message.template import (
    MessageWarning,
    TemplateError,
    TemplatePart,
)
from tests.support.message_facts import URL, make_facts, make_template

pytestmark = pytest.mark.anyio


async def test_an_ordinary_template_has_its_values(renderer):
    template = make_template(sms="Your link:\n{{ url }}", html='<a href="{{ url }}">Open</a>')
    template = make_template(
        sms=template.sms, html=template.html + "<p>{{ expires_in }}: {{ company }}</p>"
    )
    message = await renderer.render(template, make_facts(company="Smith & Sons"))
    assert message.subject == "A link for Harbor Hotel"
    assert message.text == (
        f"Your link:\n{URL}\nIt works until Tuesday, December 8, 2026, 12:00\u00a0PM "
        "(Central European Standard Time)."
    )
    assert message.sms == f"Your link:\n{URL}"
    assert "<p>6 days: Smith &amp; Sons</p>" in message.html
    assert f'<a href="{URL.replace("&", "&amp;")}">Open</a>' in message.html
    assert message.warnings == ()


@pytest.mark.parametrize("part", list(TemplatePart))
async def test_an_unknown_name_is_an_error_at_its_line(renderer, part):
    template = make_template(**{part.value: "One\n{% if false %}{{ display_nam }}{% endif %}"})
    with pytest.raises(TemplateError, match="display_name") as caught:
        await renderer.render(template, make_facts())
    assert caught.value.part is part
    assert caught.value.line == 2


async def test_the_subject_never_has_the_link(renderer):
    with pytest.raises(TemplateError) as caught:
        await renderer.render(make_template(subject="\n{{ url }}"), make_facts())
    assert (caught.value.part, caught.value.line) == (TemplatePart.SUBJECT, 2)
    with pytest.raises(TemplateError):
        await renderer.render(make_template(), make_facts(display_name=f"Ann {URL}"))
    with pytest.raises(TemplateError):
        await renderer.render(make_template(), make_facts(display_name="Ann seam_cst_made_up"))


async def test_what_is_missing_or_glued_to_the_link_is_a_warning(renderer):
    message = await renderer.render(make_template(text="Hello"), make_facts())
    assert message.warnings == (MessageWarning.NO_LINK, MessageWarning.NO_EXPIRY)
    glued = make_template(text="Open {{ url }}. It works for {{ expires_in }}.")
    message = await renderer.render(glued, make_facts())
    assert message.warnings == (MessageWarning.LINK_NOT_ALONE,)
    assert message.text == f"Open\n{URL}\nIt works for 6 days."


async def test_own_fields_may_be_missing_and_may_have_any_name(renderer):
    template = make_template(
        text="{{ url }}\n{{ own.items }}, {{ own['help line'] }}, {{ own.floor | default('-') }}"
        "{% if own.door is defined %}{{ own.door }}{% endif %}\nUntil {{ expires_date }}"
    )
    facts = make_facts(own={"items": "3 keys", "help line": "+1 202 555 0142"})
    message = await renderer.render(template, facts)
    assert message.text.split("\n")[1] == "3 keys, +1 202 555 0142, -"
    with pytest.raises(TemplateError, match="Your own fields are: help line, items"):
        await renderer.render(make_template(text="{{ own.zzz }}"), facts)


async def test_texts_of_several_lines_keep_them_in_html(renderer):
    template = make_template(html="<p>{{ signature }}</p>")
    message = await renderer.render(template, make_facts(sender_signature="A & B\r\nDesk <3>"))
    assert "<p>A &amp; B<br>\nDesk &lt;3&gt;</p>" in message.html


async def test_other_links_in_a_subject_are_a_warning(renderer):
    template = make_template(subject="See www.example.com")
    message = await renderer.render(template, make_facts())
    assert message.warnings == (MessageWarning.LINK_IN_SUBJECT,)


async def test_a_subject_without_words_is_an_error(renderer):
    with pytest.raises(TemplateError) as caught:
        await renderer.render(make_template(subject="{{ operator }}"), make_facts(operator=" \n"))
    assert caught.value.part is TemplatePart.SUBJECT


async def test_html_without_link_or_too_long_for_gmail_is_a_warning(renderer):
    html = "<p>{{ expires_at }}</p>" + "<p>Words</p>" * 9_000
    message = await renderer.render(make_template(html=html), make_facts())
    assert message.warnings == (MessageWarning.NO_LINK, MessageWarning.TOO_LARGE)
    other = '<a href="{{ url }}&utm=1">{{ url }}</a>{{ expires_in }}'
    message = await renderer.render(make_template(html=other), make_facts())
    assert message.warnings == (MessageWarning.NO_LINK,)


async def test_an_sms_without_link_is_a_warning(renderer):
    message = await renderer.render(make_template(sms="Hi {{ display_name }}"), make_facts())
    assert message.warnings == (MessageWarning.NO_LINK,)


async def test_names_are_isolated_in_texts_only_and_only_where_needed(renderer):
    template = make_template(
        text="{{ display_name }}|{{ company }}\n{{ url }}\n{{ expires_at }}",
        sms="{{ display_name }}\n{{ url }}",
    )
    message = await renderer.render(template, make_facts(display_name="\u202eفندق\n7"))
    assert message.subject == "A link for فندق 7"
    assert message.text.startswith("\u2068فندق 7\u2069|Acme Stays\n")
    assert message.sms.startswith("\u2068فندق 7\u2069\n")


async def test_errors_of_syntax_name_the_line_and_no_value(renderer):
    for source in ("\n\n{{ url ", "\n\n{% fi %}", "\n\n{{ 1 / 0 }}", "\n\n{{ url|int(base='x') }}"):
        with pytest.raises(TemplateError) as caught:
            await renderer.render(make_template(text=source), make_facts())
        assert caught.value.line == 3
        assert URL not in caught.value.details()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("A{% if company %} b{% endif %}\nC", "A b\nC"),
        ("A{% if company %} b{% endif %}\r\nC", "A b\nC"),
        ("A\n{% if company %}\nB\n{% endif %}\nC", "A\nB\nC"),
        ("A\n  {% if company %}  \nB\n  {% endif %}\nC", "A\nB\nC"),
        ("A\n{% if 1 %}{% if 1 %}\nB\n{% endif %}{% endif %}\nC", "A\nB\nC"),
        ("A\n{% if company %}B{% endif %}\nC", "A\nB\nC"),
        ("A {% if company -%}\n  b\n{%- endif %} C", "A b C"),
        ("{% for each in features %}\n- {{ each }}\n{% endfor %}", "- Devices\n- Reservations"),
        ("{{ url }}{% if company %}{% endif %}\nC", f"{URL}\nC"),
    ],
)
async def test_only_lines_of_tags_leave_no_line_behind(renderer, source, text):
    message = await renderer.render(make_template(text=source), make_facts())
    assert message.text == text
