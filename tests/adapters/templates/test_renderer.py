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
