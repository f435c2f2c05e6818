"""How long a template may take, and that nothing else waits for it."""

from __future__ import annotations

import asyncio
import time

import pytest

from seam_portal_desktop.domain.message.template import TemplateError
from tests.support.message_facts import make_facts, make_template

pytestmark = pytest.mark.anyio

ENDLESS = "{% for a in 'x' * 99999 %}{% for b in 'x' * 99999 %}{% endfor %}{% endfor %}"


async def fails(renderer, source: str) -> TemplateError:
    with pytest.raises(TemplateError) as caught:
        await renderer.render(make_template(text=source), make_facts())
    return caught.value


@pytest.mark.parametrize("source", [ENDLESS, "{{ 'a' * 10**10 }}", "{{ 10**(10**9) }}"])
async def test_the_error_comes_within_two_seconds(renderer, source):
    await renderer.render(make_template(), make_facts())
    begun = time.monotonic()
    await fails(renderer, source)
    assert time.monotonic() - begun < 2


async def test_the_event_loop_goes_on_meanwhile(renderer):
    await renderer.render(make_template(), make_facts())
    render = asyncio.create_task(fails(renderer, ENDLESS))
    gaps: list[float] = []
    while not render.done():
        before = time.monotonic()
        await asyncio.sleep(0.005)
        gaps.append(time.monotonic() - before)
    assert "too long" in str(render.result())
    assert len(gaps) > 50
    assert sorted(gaps)[len(gaps) * 95 // 100] < 0.1
