"""The window answers while templates are rendered, whatever they do."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.message.template import TemplateError
from tests.support.message_facts import make_facts, make_renderer, make_template
from tests.support.responsive import window_answers

pytestmark = pytest.mark.anyio

ENDLESS = "{% for a in 'x' * 99999 %}{% for b in 'x' * 99999 %}{% endfor %}{% endfor %}"


async def test_the_window_answers_while_templates_are_rendered(qapp):
    renderer = make_renderer()
    with window_answers():
        await renderer.render(make_template(html="<p>{{ url }}</p>"), make_facts())
        for source in (ENDLESS, "{{ 'a' * 10**10 }}", "{{ 10**(10**9) }}"):
            with pytest.raises(TemplateError):
                await renderer.render(make_template(text=source), make_facts())
        long = "{% for each in 'x' * 90000 %}{{ customer_key }}\n{% endfor %}"
        with pytest.raises(TemplateError):
            await renderer.render(make_template(text=long), make_facts())
        nearly = await renderer.render(make_template(text=long.replace("90", "70")), make_facts())
        assert len(nearly.text) > 900_000
        await renderer.aclose()
