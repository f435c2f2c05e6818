"""The packages for Linux: the Debian package and the tarball."""

from __future__ import annotations

from pathlib import Path

from common.freeze import freeze
from common.project import BuildError
from linux import binaries, deb, tarball
from system_packages import BUILD_PACKAGES, Failure, make_sure_of_system_packages


def make(python: Path, work: Path, out: Path, *, quick: bool) -> list[Path]:
    """Build them in `out`. With `quick` they are larger."""
    try:
        make_sure_of_system_packages(BUILD_PACKAGES)
    except Failure as failure:
        raise BuildError(str(failure)) from None
    frozen = freeze(
        python,
        work,
        "linux",
        finish=lambda tree: binaries.tidy(tree, python.parent),
        finish_source=Path(binaries.__file__),
    )
    level = 0 if quick else 6
    print("Making the Debian package …", flush=True)
    package = deb.build(frozen, work, out, level=level)
    print("Making the tarball …", flush=True)
    return [package, tarball.build(frozen, work, out, level=level)]
