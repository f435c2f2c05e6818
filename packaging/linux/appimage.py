"""Make the AppImage from what build.py left in build/: `python3 packaging/linux/appimage.py`.

It is written to dist/, whose checksums and signatures are made again. An AppImage is a published
runtime, which is downloaded and must match the hash below, and a squashfs file system with the
same tree as the other packages. It needs the libraries of the system on which it was built, or
newer ones: build it on the oldest system.

Source: https://github.com/AppImage/AppImageSpec/blob/master/draft.md, "type 2".
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import shutil
import sys
import urllib.request
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from common import project, signing
from common.project import NAME, ROOT, BuildError
from common.run import need, run
from linux import payload

_RUNTIME_URL = "https://github.com/AppImage/type2-runtime/releases/download/20251108/runtime-x86_64"
_RUNTIME_SHA256 = "2fca8b443c92510f1483a883f60061ad09b46b978b2631c807cd873a47ec260d"
_TIMEOUT_SECONDS = 60

# Qt's X11 plugin needs these libraries. Not every desktop has them.
_LIBRARIES = (
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-image.so.0",
    "libxcb-keysyms.so.1",
    "libxcb-render-util.so.0",
    "libxcb-util.so.1",
)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description="Make the AppImage of the program that build.py has frozen."
    )
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="the target folder (dist/)")
    parser.add_argument("--work", type=Path, default=ROOT / "build", help="as for build.py")
    parser.add_argument("--runtime", type=Path, help="a copy of the runtime, instead of a download")
    options = parser.parse_args(arguments)
    work, out = options.work.absolute(), options.out.absolute()
    try:
        runtime = checked(options.runtime.read_bytes() if options.runtime else _download())
        made = build(work / "frozen" / NAME, work, out, runtime=runtime)
        signing.write_all(out)
    except (BuildError, OSError) as error:
        print(f"appimage.py: {error}", file=sys.stderr)
        return 1
    print(f"  {made.stat().st_size / 1e6:8.1f} MB  {made.name}")
    return 0


def checked(runtime: bytes) -> bytes:
    """The runtime; BuildError if its hash is wrong."""
    digest = hashlib.sha256(runtime).hexdigest()
    if digest != _RUNTIME_SHA256:
        raise BuildError(f"The AppImage runtime is not the expected one: its SHA-256 is {digest}.")
    return runtime


def build(frozen: Path, work: Path, out: Path, *, runtime: bytes, level: int = 19) -> Path:
    """The AppImage of the frozen tree. `level` is zstd's: 1 is quick, 19 is small."""
    if not frozen.exists():
        raise BuildError(f"There is no {frozen}: run packaging/build.py first.")
    need({"mksquashfs": "squashfs-tools"})
    root = work / "AppDir"
    shutil.rmtree(root, ignore_errors=True)
    payload.assemble(frozen, root / "usr")
    payload.mark(root / "usr", "tarball")
    _add_libraries(root / "usr")
    (root / "AppRun").symlink_to(f"usr/bin/{NAME}")
    for link, target in (
        (f"{NAME}.desktop", f"usr/share/applications/{NAME}.desktop"),
        (f"{NAME}.svg", f"usr/share/icons/hicolor/scalable/apps/{NAME}.svg"),
        (".DirIcon", f"usr/share/icons/hicolor/256x256/apps/{NAME}.png"),
    ):
        (root / link).symlink_to(target)
    payload.normalise(root)
    system = work / "appimage.squashfs"
    squash = ["mksquashfs", root, system, "-noappend", "-root-owned", "-no-xattrs", "-quiet"]
    run([*squash, "-no-progress", "-comp", "zstd", "-Xcompression-level", str(level)])
    package = out / f"{NAME}-{project.version()}-{platform.machine()}.AppImage"
    package.write_bytes(runtime + system.read_bytes())
    package.chmod(0o755)
    system.unlink()
    return package


def _add_libraries(usr: Path) -> None:
    """Copy them beside Qt's libraries, where its plugin looks first, with their copyright files."""
    found = {
        line.split()[0]: Path(line.split()[-1])
        for line in run(["/sbin/ldconfig", "--print-cache"]).splitlines()[1:]
        if "x86-64" in line
    }
    for name in _LIBRARIES:
        if name not in found:
            raise BuildError(f"{name} is not installed.")
        # /lib is a link, and the package has the file under the link's target.
        owner = run(["dpkg-query", "--search", f"*/{found[name].name}"]).partition(":")[0]
        shutil.copyfile(found[name], usr / "lib" / NAME / "_internal/PySide6/Qt/lib" / name)
        document = usr / "share/doc" / owner / "copyright"
        document.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path("/usr/share/doc") / owner / "copyright", document)


def _download() -> bytes:
    with urllib.request.urlopen(_RUNTIME_URL, timeout=_TIMEOUT_SECONDS) as answer:
        content: bytes = answer.read()
    return content


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
