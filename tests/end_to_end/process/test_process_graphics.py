"""Graphics that fail: a crash at the engine's start, and drivers that leave the page black."""

from __future__ import annotations

import os
import signal

import psutil
import pytest

from tests.support.displays import HAS_X, x_display
from tests.support.processes import until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")

needs_x = pytest.mark.skipif(not HAS_X, reason="needs Xvfb")

DIED = "This computer’s graphics may be the reason"
HARDWARE = "--log-level=3"


@pytest.fixture
def start_demo(start_scenario):
    """Starts scenarios in the demo."""
    return lambda scenario, **changes: start_scenario(scenario, "--demo", **changes)


@pytest.fixture
def data(tmp_path):
    return tmp_path / "home" / "data"


def has_banner(banners: list[str]) -> bool:
    return any(DIED in banner for banner in banners)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGABRT])
def test_after_a_crash_of_the_engine_the_next_start_uses_software_rendering(start_demo, data, end):
    with start_demo("start_graphics") as program:
        program.next_message("starting")
        assert (data / "graphics.starting").exists()
        program.send_signal(end)
        assert program.wait_for_exit().code == -end
    with start_demo("see_graphics", QTWEBENGINE_CHROMIUM_FLAGS=HARDWARE) as program:
        after = program.wait_for_exit()
    (drawn,) = after.messages("drawn")
    assert (after.code, drawn["software"], has_banner(drawn["banners"])) == (0, True, True)
    assert "--disable-gpu" in drawn["flags"]
    assert not (data / "graphics.starting").exists()
    with start_demo("see_graphics") as program:
        later = program.wait_for_exit()
    (drawn,) = later.messages("drawn")
    assert (drawn["software"], has_banner(drawn["banners"])) == (True, False)


def test_software_rendering_can_be_switched_off_again(start_demo, data):
    with start_demo("start_graphics") as program:
        program.next_message("starting")
        program.kill_all()
    with start_demo("go_back_to_hardware") as program:
        program.wait_for_exit()
    with start_demo("see_graphics", QTWEBENGINE_CHROMIUM_FLAGS=HARDWARE) as program:
        after = program.wait_for_exit()
    (drawn,) = after.messages("drawn")
    assert (drawn["software"], has_banner(drawn["banners"])) == (False, False)
    assert "--disable-gpu" not in drawn["flags"]
    assert list(data.glob("graphics.*")) == []


def test_an_orderly_exit_does_not_switch_to_software_rendering(start_demo, data):
    with start_demo("half_loaded") as program:
        program.write_line("quit")
        assert program.wait_for_exit().code == 0
    assert list(data.glob("graphics.*")) == []


@needs_x
@pytest.mark.parametrize(
    "defect",
    [
        pytest.param({"QT_XCB_GL_INTEGRATION": "none"}, id="neither GLX nor EGL"),
        pytest.param({"LIBGL_DRIVERS_PATH": "/nonexistent"}, id="no driver"),
    ],
)
def test_a_black_page_offers_a_restart_with_software_rendering(start_demo, data, defect):
    """The view stays black without graphics; only Qt's log has the reason."""
    with x_display() as display:
        broken = {
            "QT_QPA_PLATFORM": "xcb",
            "DISPLAY": display,
            "QTWEBENGINE_CHROMIUM_FLAGS": HARDWARE,
            **defect,
        }
        with start_demo("lose_graphics", **broken) as program:
            (seen,) = program.wait_for_exit().messages("window")
            assert any("can’t draw the preview" in banner for banner in seen["banners"])
            until(lambda: programs_on(data), "it is started again")
            for again in programs_on(data):
                environment = again.environ()
                again.terminate()
                again.wait(20)
        assert environment.items() >= broken.items()
        with start_demo("see_graphics", **broken) as program:
            after = program.wait_for_exit()
    (drawn,) = after.messages("drawn")
    assert (after.code, drawn["software"]) == (0, True)


def programs_on(data) -> list[psutil.Process]:
    """The programs themselves on that data directory, undriven."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if str(data) in (process.info["cmdline"] or ())
        and "seam_portal_desktop" in process.info["cmdline"]
    ]
