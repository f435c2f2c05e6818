"""What the command line can ask for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Options(NamedTuple):
    """What the command line asked for."""

    demo: bool = False
    data_dir: Path | None = None
    self_test: bool = False
    report: Path | None = None
    screenshot: Path | None = None
    software_rendering: bool = False


def parse_arguments(arguments: Sequence[str]) -> Options:
    """Exits with code 2 and a usage line for a wrong argument."""
    if not arguments:
        return Options()
    import argparse

    from seam_portal_desktop import __version__

    parser = argparse.ArgumentParser(
        prog="seam-portal-desktop",
        description="Create, preview, send and keep track of Seam Customer Portal links.",
        allow_abbrev=False,
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--demo",
        action="store_true",
        help="open with a built-in stand-in for Seam and made-up customers",
    )
    mode.add_argument(
        "--self-test",
        action="store_true",
        help="do the main job once by itself against the built-in stand-in, then exit 0 or 1",
    )
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="keep everything but secrets under DIR instead of the user's own data directory",
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="with --self-test: write the JSON report there"
    )
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="with --self-test: save the window as PNG"
    )
    parser.add_argument(
        "--software-rendering",
        action="store_true",
        help="draw without the graphics card, where the preview stays black or crashes",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    options = parser.parse_args(arguments)
    if (options.report or options.screenshot) and not options.self_test:
        parser.error("--report and --screenshot go with --self-test")
    return Options(**vars(options))
