"""The facts about the program that every installer has."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]

NAME = "seam-portal-desktop"
DISPLAY_NAME = "Seam Portal Desktop"
SUMMARY = "Create, preview, send and keep track of Seam Customer Portal links"
# One paragraph in each line.
DESCRIPTION = (
    "Generate a Customer Portal link for one of your customers, look at exactly what that "
    "customer will see, send it, and keep track of every link that is out in the world until "
    "it expires.\n"
    "A portal link opens a customer's doors to whoever holds it. The program keeps links and "
    "keys encrypted with the system's keyring, and never writes them to logs."
).splitlines()
AUTHORS = "The Seam Portal Desktop authors"
URL_SCHEME = "seam-portals"


class BuildError(Exception):
    """A step of the build failed. The text is for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Release:
    """One heading of CHANGELOG.md with its points; `date` is None before the release."""

    version: str
    date: dt.date | None
    points: tuple[str, ...]


def version() -> str:
    text = (ROOT / "seam_portal_desktop" / "__init__.py").read_text("utf-8")
    match = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if match is None:
        raise BuildError("seam_portal_desktop/__init__.py names no version.")
    return match[1]


def homepage() -> str:
    """The environment's homepage, or the repository on GitHub's runners; empty if there is none."""
    return os.environ.get("SEAM_PORTAL_DESKTOP_HOMEPAGE") or _repository()


def screenshots_url() -> str:
    """The URL of the pictures of resources/screenshots/; empty if there is none."""
    if homepage() == _repository() != "":
        return f"{homepage()}/raw/{os.environ['GITHUB_SHA']}/resources/screenshots"
    return homepage() and f"{homepage()}/screenshots"


def app_id() -> str:
    """The program's id in software centres: the homepage's host reversed, and a name.

    On GitHub it begins with io.github.OWNER. Without a homepage it is the program's plain name,
    about which appstreamcli warns.
    """
    address = urlsplit(homepage())
    if not address.hostname:
        return NAME
    domain = [*reversed(address.hostname.split("."))]
    if domain == ["com", "github"]:
        domain = ["io", "github", address.path.split("/")[1]]
    parts = [re.sub(r"^(?=\d)", "_", part.replace("-", "_")) for part in domain]
    return ".".join([*parts, "SeamPortalDesktop"])


def maintainer() -> str:
    """The authors, with the environment's e-mail address if it has one."""
    contact = os.environ.get("SEAM_PORTAL_DESKTOP_CONTACT")
    return f"{AUTHORS} <{contact}>" if contact else AUTHORS


def _repository() -> str:
    server, name = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_REPOSITORY")
    return f"{server}/{name}" if server and name else ""


def source_date_epoch() -> int:
    """The time in all archives: that of the last commit, in seconds since 1970."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    result = subprocess.run(command, text=True, capture_output=True, check=False)
    if result.returncode != 0:
        raise BuildError("Not a git checkout: set SOURCE_DATE_EPOCH to the source's date.")
    return int(result.stdout)


def build_date() -> dt.datetime:
    return dt.datetime.fromtimestamp(source_date_epoch(), dt.UTC)


def releases() -> list[Release]:
    """The releases in CHANGELOG.md; newest first."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    found = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        match = re.fullmatch(r"(\S+) \((?:unreleased|(\d{4}-\d\d-\d\d))\)", heading.strip())
        if match is None:
            raise BuildError(f"CHANGELOG.md has a heading that names no version: {heading}")
        date = dt.date.fromisoformat(match[2]) if match[2] else None
        points = re.findall(r"^- (.+)$", body, re.MULTILINE)
        found.append(Release(match[1], date, tuple(points)))
    if not found or found[0].version != version():
        raise BuildError(f"CHANGELOG.md must begin with version {version()}.")
    return found
