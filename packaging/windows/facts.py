"""The program's facts for Windows: names, version numbers."""

from __future__ import annotations

import re

from common import project
from common.project import DISPLAY_NAME, NAME

PROGRAM = f"{NAME}.exe"
# Chromium's process. It ends a moment after the program.
HELPER = r"_internal\PySide6\QtWebEngineProcess.exe"
# The program's data folder below %LOCALAPPDATA%, and the names of its keys in Windows' Credential
# Manager (seam_portal_desktop.paths, adapters.keyring).
DATA_FOLDER = NAME
CREDENTIALS = f"{NAME}/*"
# Qt 6.11 needs Windows 10, version 1809.
OLDEST_BUILD = 17763


def four_numbers() -> tuple[int, int, int, int]:
    """The version for version resources. A pre-release has its release's numbers."""
    match = re.match(r"(\d+)\.(\d+)\.(\d+)", project.version())
    if match is None:
        raise project.BuildError(f"Windows can't show the version {project.version()}.")
    major, minor, patch = (int(part) for part in match.groups())
    return major, minor, patch, 0


def dotted() -> str:
    return ".".join(str(number) for number in four_numbers())


def copyright_line() -> str:
    return f"© {project.build_date():%Y} {project.AUTHORS}"


def installer_name() -> str:
    return f"{NAME}-{project.version()}-windows-x86_64-setup.exe"


def version_strings(description: str, file_name: str) -> dict[str, str]:
    """The strings of a version resource, which Explorer shows under Details."""
    return {
        "CompanyName": project.AUTHORS,
        "FileDescription": description,
        "FileVersion": project.version(),
        "InternalName": NAME,
        "LegalCopyright": copyright_line(),
        "OriginalFilename": file_name,
        "ProductName": DISPLAY_NAME,
        "ProductVersion": project.version(),
    }
