"""Busy pages that stay below the limits: they may go on and don't affect anything else."""

from __future__ import annotations

import itertools
import struct
import time
import zlib

import pytest

from tests.support.page_server import Answer
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.survival_kit import PATH

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)


@pytest.mark.parametrize(
    ("script", "body"),
    [
        pytest.param(
            """for (let i = 0; i < 8; i++)
                new Worker(URL.createObjectURL(new Blob(['while (true);'])))""",
            "",
            id="workers",
        ),
        pytest.param(
            "setInterval(() => { for (let i = 0; i < 200; i++) location.hash = i; }, 1)",
            "",
            id="hashes",
        ),
        pytest.param(
            "setInterval(() => { for (let i = 0; i < 200; i++) history.pushState(i, '') }, 1)",
            "",
            id="history",
        ),
        pytest.param(
            """setInterval(() => { for (let i = 0; i < 100; i++) {
                document.body.style.cursor = ['wait', 'help', 'move'][i % 3];
                window.name = i;
                scrollTo(0, i * 9);
                postMessage(i, '*');
            } }, 1);
            onscroll = () => document.body.style.width = Math.random() * 9 + 'px'""",
            "<div style='height: 20000px'>",
            id="cursor, name, scroll, messages",
        ),
        pytest.param(
            """const icon = document.head.appendChild(document.createElement('link'));
            icon.rel = 'icon';
            setInterval(() => icon.href = 'data:image/png,' + Math.random(), 1)""",
            "",
            id="favicon",
        ),
        pytest.param(
            "for (let i = 0; i < 500; i++) new WebSocket(`ws://${location.host}/s${i}`)",
            "",
            id="sockets",
        ),
        pytest.param(
            """const pen = document.querySelector('canvas').getContext('2d');
            (function paint() {
                for (let i = 0; i < 200; i++) {
                    pen.fillStyle = `hsl(${Math.random() * 360} 90% 50%)`;
                    pen.fillRect(Math.random() * 3840, Math.random() * 2160, 900, 900);
                }
                requestAnimationFrame(paint);
            })()""",
            "<canvas width=3840 height=2160></canvas>",
            id="a canvas of 4K",
        ),
        pytest.param(
            "for (let i = 0; i < 1000; i++) document.body.append(document.createElement('b'))",
            """<style>@keyframes turn { to { transform: rotate(360deg) } }
            b { position: absolute; width: 300px; height: 300px; filter: blur(9px);
                background: linear-gradient(red, blue); animation: turn 1s infinite }</style>""",
            id="1000 animations",
        ),
        pytest.param(
            """try { for (let i = 0; ; i++) localStorage[i] = 'y'.repeat(1e6) } catch { }""",
            "",
            id="storage",
        ),
        pytest.param("", "<div style='width: 30000px; height: 200000px'>", id="a huge page"),
    ],
)
def test_the_page_is_allowed(survival, script, body):
    survival.is_allowed(script, body)


def test_a_slow_drip(survival):
    def drops():
        for _ in itertools.count():
            yield b"<p>drop"
            time.sleep(0.05)

    survival.is_allowed(answer=Answer(stream=drops))


def test_a_picture_with_900_million_pixels_in_100_kilobytes(survival):
    side = 30_000
    rows = zlib.compress(b"\0" * ((side // 8 + 1) * side), 9)
    picture = _png(side, rows)
    survival.site.pages["/bomb.png"] = Answer(
        headers={"Content-Type": "image/png"}, stream=lambda: iter([picture])
    )
    survival.is_allowed(body="<img src=/bomb.png>")


def test_a_gif_with_endless_frames(survival):
    start = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff"
    frame = b"\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"

    def frames():
        yield start
        while True:
            yield frame * 50
            time.sleep(0.02)

    survival.site.pages["/endless.gif"] = Answer(
        headers={"Content-Type": "image/gif"}, stream=frames
    )
    survival.is_allowed(body="<img src=/endless.gif style='width: 300px'>")


def test_sound_is_muted(survival):
    survival.attack(
        """const context = new AudioContext();
        const tone = context.createOscillator();
        tone.connect(context.destination);
        tone.start();"""
    )
    survival.wait(lambda: survival.signals.rendered[-1:] == ["portal-1"])
    assert survival.web.widget.page().isAudioMuted()


def test_frames_from_elsewhere_live_in_the_pages_own_process(survival):
    """So the monitor of the page's process measures them too."""
    body = "<iframe sandbox=allow-scripts srcdoc='<p>other origin'></iframe>" * 3
    survival.attack(body=body)
    survival.wait(lambda: survival.signals.rendered[-1:] == ["portal-1"])
    survival.wait_until_one_renderer()
    assert len(survival.web.widget.page().mainFrame().children()) == 3
    assert survival.site.asked_for(PATH)


def _png(side: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
