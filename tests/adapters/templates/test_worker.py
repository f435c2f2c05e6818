"""How the process for templates starts."""

from __future__ import annotations

import subprocess
import sys

from seam_portal_desktop.options import RENDER_TEMPLATES
from seam_portal_desktop.paths import own_program


def test_it_loads_neither_window_nor_network_and_ends_with_its_input():
    _python, *arguments = own_program().command
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments, RENDER_TEMPLATES],
        cwd=own_program().folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=60,
    )
    names = [line.rpartition("|")[2].strip() for line in ended.stderr.decode().splitlines()]
    packages = {name.partition(".")[0] for name in names}
    assert {"jinja2", "css_inline"} <= packages
    assert not packages & {"PySide6", "shiboken6", "qasync", "httpx", "sqlalchemy", "keyring"}
    assert not packages & {"babel", "msgspec", "cryptography"}
    assert ended.stdout[4:] == b'{"ready": true}'
