"""The way in: arguments, the environment of Qt and Chromium, and the exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from seam_portal_desktop.options import parse_arguments


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code: 0, 1 for a failed start or self-test, 2 for usage.

    Source of the arguments: `sys.argv` unless given.
    """
    gc.disable()  # what is imported stays; `collect_garbage_on_this_thread` looks at the rest
    options = parse_arguments(sys.argv[1:] if arguments is None else arguments)

    from seam_portal_desktop import runtime

    runtime.prepare_environment(software_rendering=options.software_rendering)

    from seam_portal_desktop import bootstrap

    app = runtime.create_application(sys.argv[:1])
    return bootstrap.start(app, options)


if __name__ == "__main__":
    sys.exit(main())
