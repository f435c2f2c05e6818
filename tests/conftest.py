"""The environment of every test: no display, no user data, no user keyring."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A slow computer is no failure of a test with made-up values.
settings.register_profile(
    "any computer", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any computer")

# Qt's offscreen screen is 800 pixels wide, which is a narrow window.
SCREEN = Path(__file__).parent / "support" / "screen.json"
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={SCREEN}")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # Chromium refuses to sandbox root's pages
os.environ.setdefault(
    "QTWEBENGINE_CHROMIUM_FLAGS",
    # Fake devices, so that pages fail because of the program and not because of a missing camera;
    # AsyncSetCookie as in runtime.py.
    "--log-level=3 --disable-gpu --use-fake-device-for-media-stream "
    "--disable-features=AsyncSetCookie",
)
# A test without its own secret store must not use the developer's keyring.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
for proxy in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    os.environ.pop(proxy, None)

from PySide6.QtCore import QCoreApplication, Qt  # noqa: E402 - after the environment is set

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)


@pytest.fixture
def anyio_backend():
    """Async tests run on asyncio; tests/ui and tests/end_to_end run it on Qt's event loop."""
    return "asyncio"
