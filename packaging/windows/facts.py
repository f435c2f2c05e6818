"""What Windows is told about the program: names, version numbers, registry keys."""

from __future__ import annotations

import re

from common import project
from common.project import DISPLAY_NAME, NAME

PROGRAM = f"{NAME}.exe"
# Chromium's process, which outlives the program by a moment.
HELPER = r"_internal\PySide6\QtWebEngineProcess.exe"
# Where the program keeps its data below %LOCALAPPDATA%, and what its keys in Windows' Credential
# Manager begin with (seam_portal_desktop.paths and adapters.keyring_store).
DATA_FOLDER = NAME
CREDENTIALS = f"{NAME}/*"
# Qt 6.11 needs Windows 10, version 1809.
OLDEST_BUILD = 17763


def four_numbers() -> tuple[int, int, int, int]:
    """The version as version resources want it. A pre-release has its release's numbers."""
    match = re.match(r"(\d+)\.(\d+)\.(\d+)", project.version())
    if match is None:
        raise project.BuildError(f"{project.version()} is no version that Windows can show.")
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
