"""Data for the Help menu: facts, licences, and the self-test in another process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import platform
import sysconfig
import tempfile
from collections.abc import Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

import PySide6
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from seam_portal_desktop import __version__
from seam_portal_desktop.adapters.keyring.store import KeyringSecretStore
from seam_portal_desktop.adapters.network.proxy_settings import read_proxy_settings
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.policy import Policy
from seam_portal_desktop.paths import AppPaths, own_program, resource
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.help.about_dialog import AboutFacts
from seam_portal_desktop.ui.help.guide import Guide

_LICENCES = "third-party-licences.txt"


async def collect_facts(paths: AppPaths, policy: Policy, *, workspaces: int) -> AboutFacts:
    """Versions and facts of this machine, for About and 'Copy diagnostics'. No secrets."""
    return AboutFacts(
        version=__version__,
        python=platform.python_version(),
        qt=qVersion(),
        pyside=PySide6.__version__,
        data_dir=paths.data_dir,
        chromium=_chromium_version(),
        policy=policy,
        diagnostics={
            "System": platform.platform(),
            "Display": f"{QGuiApplication.platformName()}, "
            f"{QGuiApplication.primaryScreen().devicePixelRatio():g}×",
            "Keyring": await KeyringSecretStore().backend_name(),
            "Proxies of calls": (await asyncio.to_thread(read_proxy_settings)).describe(),
            "Connected workspaces": str(workspaces),
            "Log": str(paths.log),
        },
    )


async def read_licences() -> str:
    """The licences in a packaged build; from source, the names of the packages."""
    try:
        text: str = await asyncio.to_thread(resource(_LICENCES).read_text, "utf-8")
    except OSError:
        text = await asyncio.to_thread(_environment_licences)
    return text


async def read_guide() -> Guide:
    """The shipped user guide. Raises UserFacingError."""
    try:
        return await asyncio.to_thread(_read_guide, resource("guide"))
    except OSError as error:
        raise UserFacingError(
            _("The user guide can’t be read"), _("Install the program again."), technical=str(error)
        ) from None


def _read_guide(folder: Path) -> Guide:
    pages = sorted(path for path in folder.glob("*.md") if path.name[0].isdigit())
    return Guide(
        {path.name: path.read_text("utf-8") for path in pages},
        {
            f"pictures/{path.name}": path.read_bytes()
            for path in sorted((folder / "pictures").glob("*.png"))
        },
    )


def _environment_licences() -> str:
    names = {f"{one.metadata['Name']} {one.version}: {_licence_of(one)}" for one in distributions()}
    folder = sysconfig.get_path("purelib")
    return _(
        "This program runs from its source code. Each package below has brought its licence's "
        "text along, in a folder .dist-info in {folder}. A packaged build holds all texts and "
        "shows them here.\n\n"
    ).format(folder=folder) + "\n".join(sorted(names, key=str.lower))


def _licence_of(distribution: Distribution) -> str:
    for key in ("License-Expression", "License"):
        value = distribution.metadata.json.get(key.lower().replace("-", "_"))
        if isinstance(value, str) and "\n" not in value:
            return value
    return _("see its text")


def _chromium_version() -> str:
    """Imports the engine here, because it is slow."""
    from PySide6.QtWebEngineCore import qWebEngineChromiumVersion

    return str(qWebEngineChromiumVersion())


async def run_self_test_process() -> Mapping[str, Any]:
    """Run this program with --self-test and return its report. Cancelling ends the process."""
    with tempfile.TemporaryDirectory(prefix="seam-portal-self-test-") as directory:
        report = Path(directory) / "report.json"
        program = own_program()
        process = await asyncio.create_subprocess_exec(
            *program.command,
            "--self-test",
            "--report",
            str(report),
            cwd=program.folder,
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
