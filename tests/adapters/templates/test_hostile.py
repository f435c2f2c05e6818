"""Templates that try to get out, to run for ever, or to use all memory."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sys
import time
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from seam_portal_desktop.adapters.templates import worker_process
from seam_portal_desktop.adapters.templates.worker_process import TimeLimit
from seam_portal_desktop.domain.message.template import TemplateError, TemplatePart
from tests.support.message_facts import URL, make_facts, make_renderer, make_template
from tests.support.until import until

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
KEEPS_A_PROCESS = """
import asyncio, psutil
from tests.support.message_facts import make_facts, make_renderer, make_template

async def main():
    await make_renderer().render(make_template(), make_facts())
    print(psutil.Process().children()[0].pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""

ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "{{ ''|attr('__class__') }}",
    "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ ()|attr('__class__')|attr('__base__') }}",
    "{{ [].__class__.__base__.__subclasses__() }}",
    "{{ {}.__class__ }}",
    "{{ own.__class__ }}",
    "{{ own['__class__'] }}",
    "{{ own.__init__.__globals__ }}",
    "{{ brand.get.__self__ }}",
    "{{ features.__class__ }}",
    "{{ features.append('x') }}",
    "{{ features.sort.__self__ }}",
    "{{ features|map('__class__')|list }}",
    "{{ features|map(attribute='__class__')|list }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ dict.__base__.__subclasses__() }}",
    "{{ range.__class__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ self._TemplateReference__context.environment }}",
    "{{ config.items() }}",
    "{{ request.application.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ url_for.__globals__ }}",
    "{{ '{0.__class__.__mro__}'.format('') }}",
    "{{ '{0.__class__}'.format_map({'0': ''}) }}",
    "{{ ('{0.__class__}').format(own) }}",
    "{% set f = '{0.__class__}'.format %}{{ f('') }}",
    "{{ '%s'|format(''.__class__) }}",
    "{% macro m() %}{% endmacro %}{{ m.__init__.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
    "{% macro m() %}{{ caller.__class__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "{% for each in '1' %}{{ loop.__class__ }}{% endfor %}",
    "{% for each in '1' %}{{ loop._iterator }}{% endfor %}",
    "{% for each in '1' %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{{ unknown.__class__ }}",
    "{{ (x for x in ()).gi_frame }}",
    "{{ url.encode.__call__.__self__ }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import system %}",
    "{% extends 'base' %}",
    "{{ ''.join.__self__ }}",
    "{{ display_name.upper }}",
    "{{ features }}",
    "{{ own }}",
]

HEAVY = [
    "{{ 'a' * 10**10 }}",
    "{{ ['a'] * 10**10 }}",
    "{{ ('a' * 10**9) ~ ('a' * 10**9) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '{:>3000000000}'.format(1) }}",
    "{{ 'a'.center(10**10) }}",
    "{{ 'a'.ljust(10**9).replace('a', 'b' * 10**9) }}",
    "{{ ('x' * 10**6).replace('x', 'y' * 10**6) }}",
    "{{ 10**(10**9) }}",
    "{{ 7 ** 99999999 % 2 }}",
    "{% for a in 'x' * 99999 %}{% for b in 'x' * 99999 %}{% endfor %}{% endfor %}",
    "{% for a in 'x' * 10**9 %}{% endfor %}",
    "{% for a in 'x' * 99999 %}{{ 'y' * 9999 }}{% endfor %}",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "{% macro a() %}{{ a() }}{{ a() }}{% endmacro %}{{ a() }}",
    "{% macro a(n) %}{% if n %}{{ a(n - 1) }}{{ a(n - 1) }}{% endif %}{% endmacro %}{{ a(60) }}",
    "{% for each in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "{{ " + "[" * 20_000 + "]" * 20_000 + " }}",
    "{{ 1" + " + 1" * 50_000 + " }}",
    "{% if 1 %}" * 5_000 + "{% endif %}" * 5_000,
    "{% for a in '1' %}" * 30 + "{% endfor %}" * 30,
    "{{ 'a' }}" * 110_000,
    "{{ url|replace('', 'x' * 999)|replace('', 'y' * 9999) }}",
    "{{ features|join('x' * 10**9) }}",
    "{% set ns = 'a' * 9**9 %}{{ ns|sort|unique|join }}",
]

HEAVY_HTML = [
    "<div>" * 100_000,
    "<b><p>" * 20_000,
    "<table><tr><td>" * 20_000,
    "<a href='" * 50_000,
    "<!--" * 100_000,
    "<style>" + "a b " * 20_000 + "{color:red}</style>" + "<a><b>" * 5_000,
    "<style>" + "p{color:red}" * 20_000 + "</style>" + "<p>" * 2_000,
    "&" * 300_000,
    "<" * 300_000,
    "<![" * 100_000,
]


async def fails(renderer, **parts) -> TemplateError:
    try:
        message = await renderer.render(make_template(**parts), make_facts())
    except TemplateError as error:
        return error
    raise AssertionError(f"No error for {str(parts)[:80]}, but: {message.text[:80]}")


def is_idle() -> bool:
    """Whether no process of templates computes, or holds more memory than an idle one."""
    for process in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_SLEEPING:
                return False
            if process.memory_info().rss > 150 * 1024 * 1024:
                return False
    return True


async def test_known_escapes_are_errors(renderer):
    for source, part in product(ESCAPES, (TemplatePart.TEXT, TemplatePart.HTML)):
        error = await fails(renderer, **{part.value: f"\n{source}"})
        assert (error.part, error.line) == (part, 2), source
        assert URL not in error.details(), source


async def test_too_much_work_is_an_error_that_leaves_nothing_behind(renderer):
    for source in HEAVY:
        error = await fails(renderer, text=source)
        assert error.part is TemplatePart.TEXT, source[:40]
        await until(is_idle, f"nothing works any more for {source[:40]}", within=1)
        assert (await renderer.render(make_template(), make_facts())).warnings == ()


async def test_html_that_is_hard_to_read_leaves_nothing_behind(renderer):
    for source in HEAVY_HTML:
        with contextlib.suppress(TemplateError):
            await renderer.render(make_template(html=source), make_facts())
        await until(is_idle, f"nothing works any more for {source[:40]}", within=1)
        assert (await renderer.render(make_template(), make_facts())).warnings == ()


async def test_a_busy_computer_is_no_endless_loop():
    """The process gets more time while it had no processor, here because it is stopped."""
    renderer = make_renderer(limit=TimeLimit(usual=0.1, used=0.1, most=30))
    try:
        await renderer.render(make_template(), make_facts())
        [worker] = psutil.Process().children()
        worker.suspend()
        render = asyncio.create_task(renderer.render(make_template(), make_facts()))
        done, _pending = await asyncio.wait([render], timeout=0.5)
        assert not done
        worker.resume()
        assert (await render).warnings == ()
        assert worker.is_running()
    finally:
        await renderer.aclose()


async def test_a_computer_that_was_asleep_is_no_endless_loop(renderer, monkeypatch):
    await renderer.render(make_template(), make_facts())
    jumps = itertools.count()
    monkeypatch.setattr(
        worker_process,
        "time",
        SimpleNamespace(monotonic=lambda: time.monotonic() + 3600 * min(next(jumps), 1)),
    )
    slow = (
        "{{ url }} {{ expires_at }}"
        + "{% for a in 'x' * 99999 %}{% if a %}{% endif %}{% endfor %}" * 20
    )
    message = await renderer.render(make_template(text=slow), make_facts())
    assert URL in message.text
    assert next(jumps) > 2, "the template was too quick to be looked at"


async def test_an_idle_process_is_ended_and_started_anew():
    renderer = make_renderer(idle_seconds=0.05)
    try:
        await renderer.render(make_template(), make_facts())
        await until(lambda: not psutil.Process().children())
        assert (await renderer.render(make_template(), make_facts())).warnings == ()
    finally:
        await renderer.aclose()
    assert not psutil.Process().children()


async def test_closing_does_not_wait_for_a_message():
    renderer = make_renderer(limit=TimeLimit(usual=60, most=60))
    await renderer.render(make_template(), make_facts())
    endless = "{% for a in 'x' * 99999 %}{% for b in 'x' * 99999 %}{% endfor %}{% endfor %}"
    render = asyncio.create_task(fails(renderer, text=endless))
    [worker] = psutil.Process().children()
    await until(lambda: worker.status() == psutil.STATUS_RUNNING)
    await renderer.aclose()
    await render
    assert not psutil.Process().children()


async def test_a_process_that_was_killed_is_replaced(renderer):
    await renderer.render(make_template(), make_facts())
    [worker] = psutil.Process().children()
    worker.kill()
    worker.wait(10)
    assert (await renderer.render(make_template(), make_facts())).warnings == ()


async def test_a_program_that_cannot_be_started_is_an_error(tmp_path):
    from seam_portal_desktop.adapters.templates.renderer import ProcessRenderer

    for command in ([str(tmp_path / "nothing")], ["true"]):
        renderer = ProcessRenderer(command)
        error = await fails(renderer)
        assert error.can_retry
        assert "could not be started" in error.message
        await renderer.aclose()


async def test_many_messages_wait_for_each_other(renderer):
    names = [f"Customer {number}" for number in range(30)]
    messages = await asyncio.gather(
        *(renderer.render(make_template(), make_facts(display_name=name)) for name in names)
    )
    assert [each.subject for each in messages] == [f"A link for {name}" for name in names]


async def test_the_process_can_open_no_file_and_has_no_environment(renderer):
    await renderer.render(make_template(), make_facts())
    [worker] = psutil.Process().children()
    assert worker.environ() == {} or set(worker.environ()) <= {"SYSTEMROOT", "WINDIR", "LC_CTYPE"}
    if hasattr(worker, "rlimit"):
        assert worker.rlimit(psutil.RLIMIT_NOFILE) == (0, 0)
        assert worker.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
        assert 0 < worker.rlimit(psutil.RLIMIT_AS)[0] <= 512 * 1024 * 1024


async def test_the_process_ends_with_a_program_that_was_killed():
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KEEPS_A_PROCESS, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert program.stdout
    worker = psutil.Process(int(await program.stdout.readline()))
    program.kill()
    await program.wait()
    await until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)
