"""The entry point: arguments, environment variables for Qt, and the exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence

from seam_portal_desktop import core_dumps
from seam_portal_desktop.options import RENDER_TEMPLATES, Options, parse_arguments


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code: 0, 1 for a failed start or self-test, 2 for usage.

    Source of the arguments: `sys.argv` unless given.
    """
    core_dumps.switch_off()
    gc.disable()  # imported objects stay; `collect_garbage_on_this_thread` collects later
    arguments = sys.argv[1:] if arguments is None else arguments
    if [*arguments] == [RENDER_TEMPLATES]:
        from seam_portal_desktop.adapters.templates import worker

        return worker.run()
    options = parse_arguments(arguments)

    environment = dict(os.environ)

    from seam_portal_desktop import runtime
    from seam_portal_desktop.adapters.files.graphics_choice import FileGraphicsChoice
    from seam_portal_desktop.paths import app_paths

    graphics = FileGraphicsChoice(app_paths(options.data_dir).data_dir)
    if graphics.wants_software:
        options = options._replace(software_rendering=True)
    runtime.prepare_environment(software_rendering=options.software_rendering)

    from seam_portal_desktop import bootstrap

    app = runtime.create_application(sys.argv[:1])
    code = bootstrap.start(app, options, graphics)
    if code == bootstrap.RESTART:
        _restart(options, environment)
        return 0
    return code


def _restart(options: Options, environment: Mapping[str, str]) -> None:
    """Start the program with the same options. The choice of the renderer is in its file."""
    import subprocess

    from seam_portal_desktop.paths import own_program

    program = own_program().command
    if options.demo:
        program.append("--demo")
    if options.data_dir is not None:
        program += ["--data-dir", str(options.data_dir)]
    # Not inherited: a reader of this program's output must not wait for the new process.
    output = subprocess.DEVNULL
    subprocess.Popen(  # noqa: S603 - this program
        program,
        env=dict(environment),
        stdin=output,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )


if __name__ == "__main__":
    sys.exit(main())
