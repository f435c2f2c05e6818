"""Pages that send the engine messages without end, while other pages open, end or are compared."""

from __future__ import annotations

import pytest

from seam_portal_desktop.ui.preview.limits.limits import PageLimits
from tests.support.page_server import Answer
from tests.support.preview_kit import ENGINE_NOISE, target
from tests.support.responsive import window_answers
from tests.support.survival_kit import Survival

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

FLOODS = {
    "frames": """for (let i = 0; i < 55; i++)
          document.body.append(document.createElement("iframe"));
        let n = 0;
        setInterval(() => {
          for (const frame of document.querySelectorAll('iframe')) frame.srcdoc = '<p>' + n++;
        }, 50)""",
    "channel": """const channel = new BroadcastChannel('x');
        setInterval(() => { for (let i = 0; i < 2000; i++) channel.postMessage(i); }, 20)""",
    "blobs": """setInterval(() => {
          for (let i = 0; i < 300; i++)
            URL.revokeObjectURL(URL.createObjectURL(new Blob(['x' + i])));
        }, 20)""",
}


@pytest.fixture(params=FLOODS)
def flood(request):
    return Answer(body=f"<h1>Busy</h1><script>{FLOODS[request.param]}</script>")


@pytest.fixture
def survival(qapp, qtbot, site):
    with Survival.open(qapp, qtbot, site, PageLimits()) as survival:
        yield survival


def test_a_page_that_hangs_is_left_for_one_that_floods(survival, flood):
    survival.attack("while (true);")
    survival.wait(lambda: survival.site.asked_for("/portals/hostile"))
    hanging = survival.pid
    survival.site.pages["/portals/busy"] = flood
    with window_answers():
        survival.pane.show_portal(target(survival.site.url("/portals/busy"), "portal-2"))
        survival.wait(lambda: "portal-2" in survival.signals.rendered or survival.signals.failed)
        survival.qtbot.wait(4_000)
    assert hanging not in survival.renderers()
    assert survival.pane.first.page._holder._ending == []


def test_a_page_that_floods_is_compared_and_closed(survival, flood):
    survival.site.pages["/portals/busy"] = flood
    survival.pane.show_portal(target(survival.site.url("/portals/busy"), "portal-2"))
    survival.wait(lambda: "portal-2" in survival.signals.rendered or survival.signals.failed)
    pages = {survival.pid}
    with window_answers():
        survival.pane._compare_devices()
        survival.qtbot.wait(3_000)
        pages |= survival.renderers()
        survival.pane.close_second()
        survival.show_good("next")
        survival.wait(lambda: not pages & survival.renderers() - {survival.pid})
        survival.qtbot.wait(3_000)
