"""The tree below /usr, which the .deb and the tarball share: program, menu entry, icons, manual."""

from __future__ import annotations

import gzip
import os
import shutil
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from common import project
from common.project import DISPLAY_NAME, NAME, ROOT, SUMMARY

FILES = Path(__file__).parent / "files"
_SCREENSHOTS = (
    ("main-window", "A portal link in the list, and the page that its customer will see"),
    ("dark", "The same in the dark"),
)


def assemble(frozen: Path, usr: Path) -> None:
    """Lay out the tree under `usr`, with the same names, modes and dates in every build."""
    shutil.copytree(frozen, usr / "lib" / NAME, symlinks=True)
    (usr / "bin").mkdir()
    (usr / "bin" / NAME).symlink_to(f"../lib/{NAME}/{NAME}")
    _write(usr / "share/applications" / f"{NAME}.desktop", filled(f"{NAME}.desktop"))
    _write(usr / "share/metainfo" / f"{app_id()}.metainfo.xml", _metainfo())
    _write_gzip(usr / "share/man/man1" / f"{NAME}.1.gz", filled(f"{NAME}.1"))
    icons = usr / "share/icons/hicolor"
    for picture in sorted((ROOT / "resources/app-icon").glob("*.png")):
        size = picture.stem
        _copy(picture, icons / f"{size}x{size}/apps/{NAME}.png")
    _copy(ROOT / "resources/app-icon.svg", icons / f"scalable/apps/{NAME}.svg")


def mark(usr: Path, installed_by: str) -> None:
    """Let the program know who installed it, `package` or `tarball`: the one leaves updates to the
    system's package manager (adapters/installation.py reads it)."""
    (usr / "lib" / NAME / "installed-by").write_text(f"{installed_by}\n", "ascii")


def normalise(tree: Path) -> None:
    """The same modes and dates whatever the builder's umask and clock say."""
    moment = project.source_date_epoch()
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            # Wheels mark libraries as programs, too.
            runs = path.stat().st_mode & 0o100 and ".so" not in path.name
            path.chmod(0o755 if runs or path.is_dir() else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)


def app_id() -> str:
    """The program's name in software centres: the homepage's host, reversed, and a name there."""
    host = urlsplit(project.homepage()).hostname or ""
    return ".".join([*reversed(host.replace("-", "_").split(".")), "SeamPortalDesktop"])


def filled(name: str, **more: str) -> str:
    """The template linux/files/`name` with the project's facts put in."""
    facts = {
        "NAME": NAME,
        "DISPLAY_NAME": DISPLAY_NAME,
        "SUMMARY": SUMMARY,
        "AUTHORS": project.AUTHORS,
        "HOMEPAGE": project.homepage(),
        "URL_SCHEME": project.URL_SCHEME,
        "VERSION": project.version(),
        "DATE": f"{project.build_date():%Y-%m-%d}",
        "YEAR": f"{project.build_date():%Y}",
    }
    text = (FILES / name).read_text("utf-8")
    for key, value in (facts | more).items():
        text = text.replace(f"@{key}@", value)
    return text


def _metainfo() -> str:
    paragraphs = [f"    <p>{escape(text)}</p>" for text in project.DESCRIPTION]
    kinds = [' type="default"', *[""] * len(_SCREENSHOTS)]
    screenshots = [
        f"    <screenshot{kind}>\n"
        f"      <caption>{escape(caption)}</caption>\n"
        f"      <image>{project.homepage()}/screenshots/{name}.png</image>\n"
        f"    </screenshot>"
        for kind, (name, caption) in zip(kinds, _SCREENSHOTS, strict=False)
    ]
    return filled(
        "metainfo.xml",
        APP_ID=app_id(),
        DESCRIPTION="\n".join(paragraphs),
        SCREENSHOTS="\n".join(screenshots),
        RELEASES="\n".join(_release(release) for release in project.releases()),
    )


def _release(release: project.Release) -> str:
    date = release.date or project.build_date().date()
    points = "".join(f"<li>{escape(point.replace('`', ''))}</li>" for point in release.points)
    return (
        f'    <release version="{release.version}" date="{date}">\n'
        f"      <description><ul>{points}</ul></description>\n"
        f"    </release>"
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _write_gzip(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
