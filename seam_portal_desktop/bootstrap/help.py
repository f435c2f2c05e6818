"""What the Help menu needs from the machine: facts for a report, and the self-test's process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import platform
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import PySide6
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from seam_portal_desktop import __version__
from seam_portal_desktop.adapters.keyring_store import KeyringSecretStore
from seam_portal_desktop.paths import AppPaths
from seam_portal_desktop.ui.about import AboutFacts


async def gather_facts(paths: AppPaths, *, workspaces: int) -> AboutFacts:
    """Versions and surroundings, for About and 'Copy diagnostics'. Holds no secret."""
    return AboutFacts(
        version=__version__,
        python=platform.python_version(),
        qt=qVersion(),
        pyside=PySide6.__version__,
        data_dir=paths.data_dir,
        diagnostics={
            "System": platform.platform(),
            "Display": f"{QGuiApplication.platformName()}, "
            f"{QGuiApplication.primaryScreen().devicePixelRatio():g}×",
            "Keyring": await KeyringSecretStore().backend_name(),
            "Connected workspaces": str(workspaces),
            "Log": str(paths.log),
        },
    )


async def run_self_test_process() -> Mapping[str, Any]:
    """Run this program with --self-test and return its report; a cancelled caller ends it."""
    with tempfile.TemporaryDirectory(prefix="seam-portal-self-test-") as directory:
        report = Path(directory) / "report.json"
        frozen = getattr(sys, "frozen", False)
        program = [sys.executable] if frozen else [sys.executable, "-m", "seam_portal_desktop"]
        process = await asyncio.create_subprocess_exec(
            *program,
            "--self-test",
            "--report",
            str(report),
            cwd=None if frozen else Path(__file__).parents[2],
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            raise
        if not report.exists():
            raise ValueError(f"exit code {code}")
        result: Mapping[str, Any] = json.loads(await asyncio.to_thread(report.read_text, "utf-8"))
        return result
