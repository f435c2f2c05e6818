"""Memory that the program itself needs, while a page that needs little is shown."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.preview.load_failure import FailureKind, LoadFailure
from seam_portal_desktop.ui.preview.checks.facts import is_about_portal
from seam_portal_desktop.ui.preview.limits.limits import MEGABYTE
from tests.support.preview_kit import ENGINE_NOISE, shows_text, target
from tests.support.responsive import window_answers
from tests.support.survival_kit import LOW_LIMITS

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

_CHECKS_MS = 1_500
_PAGE = """<style>body { margin: 0; width: 1425px; height: 14000px;
background: repeating-linear-gradient(#0b6e4f, #ffffff 777px) }</style>"""


def test_a_picture_of_twenty_megapixels_ends_no_page(survival):
    """It is joined in a file. Decoded, with its pieces, it takes more than the limit."""
    survival.attack(body=_PAGE)
    survival.wait(lambda: survival.signals.rendered[-1:] == ["portal-1"])
    answers = []
    with window_answers():
        survival.pane.first.take_picture(answers.append)
        survival.qtbot.waitUntil(lambda: bool(answers), timeout=60_000)
    picture = answers[0].finish({})
    assert picture.width * picture.height * 8 > LOW_LIMITS.own_growth_bytes
    assert survival.signals.failed == []
    assert survival.pane.is_loaded


def test_a_page_that_ends_during_its_picture_gives_an_answer(survival):
    survival.attack(body=_PAGE)
    survival.wait(lambda: survival.signals.rendered[-1:] == ["portal-1"])
    answers = []
    survival.pane.first.take_picture(answers.append)
    survival.qtbot.wait(200)
    survival.show_good("next")
    assert answers == [None]


def test_a_long_list_of_the_program_ends_no_page(survival):
    rows = [
        {"portal": f"portal-{number}", "customer": [number, f"customer {number}"]}
        for number in range(600_000)
    ]
    survival.qtbot.wait(_CHECKS_MS)
    assert len(rows) == 600_000
    assert survival.signals.failed == []
    assert survival.pane.is_loaded


def test_a_page_is_not_blamed_for_the_programs_memory(survival):
    kept = bytearray(LOW_LIMITS.own_growth_bytes + 300 * MEGABYTE)
    kept[:: 1 << 12] = b"x" * len(kept[:: 1 << 12])
    survival.wait(lambda: survival.signals.failed == [("before", "program_memory")])
    assert shows_text(survival.pane, "The program needed too much memory")
    failure = LoadFailure(FailureKind.PROGRAM_MEMORY)
    assert not is_about_portal(target(survival.site.url()), failure)
    del kept
    survival.show_good("next")
