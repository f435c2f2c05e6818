"""Pages that use too much are stopped, and the window answers all the time."""

from __future__ import annotations

import itertools

import pytest

from seam_portal_desktop.ui.preview.limits.limits import PageLimits
from tests.support.page_server import Answer
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.survival_kit import PATH, Survival

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

MEMORY = ("memory", "The page took too much memory")
LOOP = ("loop", "The page goes round in circles")
TOO_MUCH = ("too_much", "The page asks for too much")
NOISY = ("noisy", "The page wouldn’t keep quiet")
FLOODED = ("flooded", "The page kept opening message boxes")

CANVAS = """
    const c = document.createElement('canvas');
    c.width = c.height = 3000;
    const pen = c.getContext('2d');
    pen.fillRect(0, 0, 3000, 3000);
    kept.push(c, pen.getImageData(0, 0, 3000, 3000));
"""


@pytest.mark.parametrize(
    ("ending", "script"),
    [
        pytest.param(MEMORY, "while (true) kept.push(new Array(1e6).fill(1.5))", id="arrays"),
        pytest.param(
            MEMORY,
            "setInterval(() => kept.push(new Uint8Array(3e7).fill(1)), 20)",
            id="array buffers",
        ),
        pytest.param(MEMORY, f"setInterval(() => {{ {CANVAS} }}, 20)", id="canvases"),
        pytest.param(
            MEMORY,
            """const all = document.createElement('div');
            for (let i = 0; i < 1e6; i++)
                all.appendChild(document.createElement('p')).textContent = i;
            document.body.append(all)""",
            id="a million nodes",
        ),
        pytest.param(
            MEMORY, "kept.push('y'.repeat(4e8)); console.log(kept[0] + 1)", id="a huge log line"
        ),
        pytest.param(
            MEMORY, "postMessage(new Uint8Array(5e8).fill(1)); setTimeout(() => 0)", id="a message"
        ),
        pytest.param(LOOP, "location.reload()", id="reload"),
        pytest.param(LOOP, "location.href = '?' + Math.random()", id="location"),
        pytest.param(LOOP, "onload = () => document.forms[0].submit()", id="form"),
        pytest.param(
            TOO_MUCH, "for (let i = 0; i < 1e4; i++) new Image().src = '/i' + i", id="images"
        ),
        pytest.param(TOO_MUCH, "for (let i = 0; i < 1e4; i++) fetch('/f' + i)", id="fetches"),
        pytest.param(
            TOO_MUCH,
            """for (let i = 0; i < 1e4; i++) {
                const frame = document.createElement('iframe');
                frame.srcdoc = i;
                document.body.append(frame);
            }""",
            id="frames",
        ),
        pytest.param(NOISY, "while (true) console.log('x')", id="console"),
        pytest.param(NOISY, "while (true) console.error('x'.repeat(1e5))", id="long log lines"),
        pytest.param(NOISY, "while (true) document.title = Math.random()", id="title"),
        pytest.param(FLOODED, "while (true) alert(1)", id="alert"),
        pytest.param(FLOODED, "while (true) confirm(1)", id="confirm"),
        pytest.param(FLOODED, "while (true) prompt(1)", id="prompt"),
    ],
)
def test_the_page_is_stopped(survival, ending, script):
    kind, title = ending
    survival.is_stopped(kind, title, f"const kept = []; {script}", body="<form method=get></form>")


def test_blobs_which_fill_the_pages_process_and_this_one(survival):
    """Which of the two is too large first depends on how soon the engine takes them over."""
    own = {"program_memory": "The program needed too much memory"}
    survival.is_stopped_for_one_of(
        own | dict([MEMORY]),
        "const kept = []; setInterval(() => kept.push(new Blob([new Uint8Array(3e7)])), 20)",
    )


def test_ten_thousand_requests_with_the_limits_of_users(qapp, qtbot, site):
    """With so many, deleting the page at once can block the window (see `let_go`)."""
    with Survival.open(qapp, qtbot, site, PageLimits()) as survival:
        survival.is_stopped(*TOO_MUCH, "for (let i = 0; i < 1e4; i++) fetch('/f' + i)")


def test_a_page_that_refreshes_itself_for_ever(survival):
    survival.is_stopped(*LOOP, body="<meta http-equiv=refresh content=0>")


def test_a_server_that_redirects_for_ever(survival):
    answer = Answer(status=302, body="", headers={"Location": PATH})
    survival.is_stopped(*LOOP, answer=answer)


def test_frames_in_frames_in_frames(survival):
    inside = f"{PATH}?depth="
    script = f"""const frame = document.createElement('iframe');
        frame.src = '{inside}' + Math.random();
        document.body.append(frame, frame.cloneNode())"""
    survival.is_stopped(*TOO_MUCH, script)


def test_an_answer_without_end(survival):
    line = b"<p>" + b"x" * 60_000
    survival.is_stopped(*MEMORY, answer=Answer(stream=lambda: itertools.repeat(line)))


def test_an_answer_of_100_megabytes(survival):
    line = b"<b>x</b>" * 10_000
    answer = Answer(stream=lambda: itertools.repeat(line, 1_250))
    survival.is_stopped(*MEMORY, answer=answer)
