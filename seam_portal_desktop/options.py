"""The arguments of the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

RENDER_TEMPLATES = "--render-templates"
"""Alone: run as the process that renders templates of messages. Only the program itself uses it."""

_SCHEME = "seam-portals:"
_ADDRESS = f"{_SCHEME}//portal/"


class Options(NamedTuple):
    """The parsed arguments. `portal_id` is from an address; such a portal may not exist."""

    demo: bool = False
    data_dir: Path | None = None
    self_test: bool = False
    report: Path | None = None
    screenshot: Path | None = None
    software_rendering: bool = False
    portal_id: str | None = None


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
    parser.add_argument(
        "portal_id",
        nargs="?",
        metavar="URL",
        help=f"raise the window and select a portal: {_ADDRESS}PORTAL_ID",
    )
    options = parser.parse_args(arguments)
    if options.portal_id is not None:
        if not options.portal_id.lower().startswith(_SCHEME):
            parser.error(f"unrecognized arguments: {options.portal_id}")
        options.portal_id = portal_id_of_address(options.portal_id)
    if (options.report or options.screenshot) and not options.self_test:
        parser.error("--report and --screenshot go with --self-test")
    return Options(**vars(options))


def portal_id_of_address(address: str) -> str | None:
    """The id in the address, or None. An address may come from any web page."""
    import uuid

    if not address.lower().startswith(_ADDRESS):
        return None
    try:
        return str(uuid.UUID(address[len(_ADDRESS) :].rstrip("/")))
    except ValueError:
        return None
