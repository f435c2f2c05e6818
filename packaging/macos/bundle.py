"""The .app: the arguments for PyInstaller's BUNDLE, and our Info.plist."""

from __future__ import annotations

import plistlib
import re
from pathlib import Path
from typing import Any

from common import app_icon, project
from common.project import DISPLAY_NAME, NAME
from macos import macho

APP = f"{DISPLAY_NAME}.app"
ICON = f"{NAME}.icns"


def options(work: Path) -> dict[str, str]:
    """The arguments for PyInstaller's BUNDLE. Writes the icon to `work`."""
    return {
        "name": APP,
        "icon": str(app_icon.write_icns(work / ICON)),
        "bundle_identifier": identifier(),
        "version": project.version(),
    }


def finish(app: Path) -> None:
    """Complete PyInstaller's bundle: write Info.plist, and remove links to files left out."""
    for path in sorted(app.rglob("*")):
        if path.is_symlink() and not path.exists():
            path.unlink()
    plist = info_plist(macho.minimum_system(app))
    (app / "Contents" / "Info.plist").write_bytes(plistlib.dumps(plist))


def identifier() -> str:
    """The bundle's identifier: Apple allows letters, digits, hyphens and periods."""
    return project.app_id().replace("_", "-")


def info_plist(minimum_system: tuple[int, int]) -> dict[str, Any]:
    """The content of Info.plist.

    It has no usage descriptions: portal pages get no camera, microphone or location, and macOS
    itself refuses a request without a description.
    """
    return {
        "CFBundleDevelopmentRegion": "en",
        "CFBundleDisplayName": DISPLAY_NAME,
        "CFBundleExecutable": NAME,
        "CFBundleIconFile": ICON,
        "CFBundleIdentifier": identifier(),
        "CFBundleInfoDictionaryVersion": "6.0",
        "CFBundleName": DISPLAY_NAME,
        "CFBundlePackageType": "APPL",
        "CFBundleShortVersionString": _numbers(),
        "CFBundleVersion": _numbers(),
        "CFBundleURLTypes": [
            {
                "CFBundleURLName": f"{identifier()}.portal",
                "CFBundleURLSchemes": [project.URL_SCHEME],
                "CFBundleTypeRole": "Viewer",
            }
        ],
        "LSApplicationCategoryType": "public.app-category.business",
        "LSMinimumSystemVersion": ".".join(str(number) for number in minimum_system),
        # Only https, except for the sandbox on this computer.
        "NSAppTransportSecurity": {"NSAllowsLocalNetworking": True},
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": f"© {project.build_date():%Y} {project.AUTHORS}",
        "NSPrincipalClass": "NSApplication",
        "NSSupportsAutomaticGraphicsSwitching": True,
    }


def _numbers() -> str:
    """The version as three numbers. A pre-release has its release's numbers."""
    match = re.match(r"\d+\.\d+\.\d+", project.version())
    if match is None:
        raise project.BuildError(f"macOS can't show the version {project.version()}.")
    return match[0]
