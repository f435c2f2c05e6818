"""Install what build.py made, run its self-test, and remove it: `try_out.py`.

For temporary build machines. The self-test does the main job once: a window, a link, its page in
the preview, the ledger, the keyring's backends, the certificates.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from common.project import DISPLAY_NAME, NAME, ROOT, BuildError
from common.run import run

_SCREEN = ["xvfb-run", "-a", "-s", "-screen 0 1440x900x24", "dbus-run-session", "--"]
_TIMEOUT_SECONDS = 300


def main(out: Path) -> None:
    """Raise BuildError with the failed steps."""
    with tempfile.TemporaryDirectory(prefix="try-out-") as folder:
        for start in _INSTALLERS[sys.platform](out, Path(folder)):
            _test(start, Path(folder))


def _from_windows_installer(out: Path, folder: Path) -> Iterator[list[str | Path]]:
    target = folder / "program"
    run([_one(out, "*-setup.exe"), "/S", "/CurrentUser", f"/D={target}"])
    yield [target / f"{NAME}.exe"]
    # With _? the uninstaller doesn't copy itself first, so this waits for its end.
    run([target / "uninstall.exe", "/S", f"_?={target}"])
    left = [path.name for path in target.iterdir() if path.name != "uninstall.exe"]
    if left:
        raise BuildError(f"The uninstaller left {', '.join(left)}.")


def _from_disk_image(out: Path, folder: Path) -> Iterator[list[str | Path]]:
    image = _one(out, "*.dmg")
    with _mounted(image, folder / "image") as mounted:
        run(["ditto", mounted / f"{DISPLAY_NAME}.app", folder / f"{DISPLAY_NAME}.app"])
    app = folder / f"{DISPLAY_NAME}.app"
    run(["codesign", "--verify", "--deep", "--strict", app])
    yield [app / "Contents" / "MacOS" / NAME]


@contextmanager
def _mounted(image: Path, target: Path) -> Iterator[Path]:
    target.mkdir()
    run(["hdiutil", "attach", "-readonly", "-nobrowse", "-mountpoint", target, image])
    try:
        yield target
    finally:
        run(["hdiutil", "detach", target])


def _from_linux_packages(out: Path, folder: Path) -> Iterator[list[str | Path]]:
    run(["tar", "--extract", "--directory", folder, "--file", _one(out, "*.tar.xz")])
    yield [*_SCREEN, _one(folder, f"{NAME}-*") / "bin" / NAME]
    for image in out.glob("*.AppImage"):
        image.chmod(0o755)
        # Build machines have no FUSE.
        yield [*_SCREEN, image, "--appimage-extract-and-run"]


_INSTALLERS = {
    "win32": _from_windows_installer,
    "darwin": _from_disk_image,
    "linux": _from_linux_packages,
}


def _test(start: Sequence[str | Path], folder: Path) -> None:
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    print(f"Testing {Path(start[-1]).name} …", flush=True)
    # Build machines have no graphics card.
    options = ["--self-test", "--software-rendering", "--report", str(report)]
    command = [*(str(part) for part in start), *options]
    done = subprocess.run(command, cwd=folder, timeout=_TIMEOUT_SECONDS, check=False)
    if not report.exists():
        raise BuildError(f"The program ended with code {done.returncode} and left no report.")
    steps = json.loads(report.read_text("utf-8"))["steps"]
    for step in steps:
        print(f"  {'done  ' if step['ok'] else 'FAILED'} {step['name']} ({step['ms']} ms)")
    failed = [step["name"] for step in steps if not step["ok"]]
    if failed or done.returncode != 0:
        raise BuildError(f"Failed (exit code {done.returncode}): {', '.join(failed) or 'its end'}.")


def _one(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise BuildError(f"{folder.name} must have one {pattern}; it has {len(found)}.")
    return found[0]


if __name__ == "__main__":
    if sys.platform == "linux" and os.geteuid() == 0:
        sys.exit("try_out.py: Chromium's sandbox needs an ordinary user.")
    try:
        main(ROOT / "dist")
    except BuildError as error:
        sys.exit(f"try_out.py: {error}")
