"""The Debian package. Debian's tools compute its dependencies and write the archive."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import textwrap
from email.utils import format_datetime
from pathlib import Path

from common import project
from common.project import NAME
from common.run import run
from linux import payload
from linux.depends import depends_and_recommends


def build(frozen: Path, work: Path, out: Path, *, level: int) -> Path:
    """The package of the frozen tree. `level` is xz's: 0 is quick, 6 is small."""
    root = work / "deb"
    shutil.rmtree(root, ignore_errors=True)
    payload.assemble(frozen, root / "usr")
    payload.mark(root / "usr", "package")
    shutil.copyfile(payload.FILES / "apparmor", root / "usr/lib" / NAME / "apparmor")
    _write_documents(root / "usr/share/doc" / NAME)
    overrides = root / "usr/share/lintian/overrides" / NAME
    overrides.parent.mkdir(parents=True)
    shutil.copyfile(payload.FILES / "lintian-overrides", overrides)
    payload.normalise(root)
    _write_control(root, *depends_and_recommends(frozen))
    package = out / f"{NAME}_{project.version()}_{architecture()}.deb"
    run(["dpkg-deb", "--root-owner-group", "-Zxz", f"-z{level}", "--build", root, package])
    return package


def architecture() -> str:
    """Debian's name for this machine's architecture, such as amd64."""
    return run(["dpkg", "--print-architecture"]).strip()


def _write_documents(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "copyright").write_text(copyright_text(), "utf-8")
    (folder / "changelog.gz").write_bytes(gzip.compress(_changelog().encode(), 9, mtime=0))


def copyright_text() -> str:
    """Debian's machine-readable copyright file."""
    licence = (project.ROOT / "LICENSE").read_text("utf-8").partition("\n\n")[2]
    licence = licence.partition("\n\n")[2]
    lines = (f" {line}" if line else " ." for line in licence.strip().splitlines())
    source = f"Source: {project.homepage()}\n" if project.homepage() else ""
    return payload.filled("copyright", LICENCE="\n".join(lines), SOURCE=source)


def _changelog() -> str:
    sections = []
    for release in project.releases():
        points = (
            textwrap.fill(point, 78, initial_indent="  * ", subsequent_indent="    ")
            for point in release.points
        )
        date = project.build_date()
        if release.date is not None:
            date = date.replace(*release.date.timetuple()[:3], hour=0, minute=0, second=0)
        sections.append(
            f"{NAME} ({release.version}) unstable; urgency=medium\n\n"
            + "\n".join(points)
            + f"\n\n -- {project.maintainer()}  {format_datetime(date)}\n"
        )
    return "\n".join(sections)


def _write_control(root: Path, depends: list[str], recommends: list[str]) -> None:
    control = root / "DEBIAN"
    control.mkdir(mode=0o755)
    files = sorted(path for path in (root / "usr").rglob("*") if path.is_file())
    sums = (
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  "
        f"{path.relative_to(root)}\n"
        for path in files
        if not path.is_symlink()
    )
    (control / "md5sums").write_text("".join(sums), "utf-8")
    for script in ("postinst", "prerm"):
        shutil.copyfile(payload.FILES / script, control / script)
        (control / script).chmod(0o755)
    kib = sum(-(-path.lstat().st_size // 1024) for path in files)
    description = "\n .\n".join(
        textwrap.fill(text, 78, initial_indent=" ", subsequent_indent=" ")
        for text in project.DESCRIPTION
    )
    fields = {
        "Package": NAME,
        "Version": project.version(),
        "Architecture": architecture(),
        "Maintainer": project.maintainer(),
        "Installed-Size": str(kib),
        "Depends": ", ".join(depends),
        "Recommends": ", ".join(recommends),
        "Section": "net",
        "Priority": "optional",
        "Homepage": project.homepage(),
        "Description": f"{project.SUMMARY[0].lower()}{project.SUMMARY[1:]}\n{description}",
    }
    lines = (f"{name}: {value}\n" for name, value in fields.items() if value)
    (control / "control").write_text("".join(lines), "utf-8")
