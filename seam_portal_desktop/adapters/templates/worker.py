"""The process that renders templates. It reads jobs from its input and writes answers.

A job has the part, its source, the values, and for HTML what `finish_html` needs. Once the process
is ready, it can open no file and no connection, and has a limit of memory. It ends itself if a job
takes far too long, though the program ends it sooner. It ends when its input does.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import os
import sys

from seam_portal_desktop.adapters.templates.evaluation import evaluate
from seam_portal_desktop.adapters.templates.frames import MEMORY_LIMIT, read_frame, write_frame

_GIVE_UP_AFTER = 20
"""Seconds. The program ends this process much sooner, if the program is still there."""

_FIRST_SOURCES = (
    "<p style='color: red'>{% for each in features %}{{ each|e }}{% endfor %}{{ url }}</p>",
    r"{% macro a(b) %}{{ b ~ '\n' }}{% endmacro %}{{ a(1) }}",
    "{{ 1 / 0 }}",
    "{{ own.desk }}",
    "{{",
)
"""Between them they load every module that a template can need. Later no file can be opened."""


def run() -> int:
    """Serve the standard input until its end. Returns the exit code."""
    gc.enable()
    for source in _FIRST_SOURCES:
        evaluate({"part": "html", "source": source, "values": {"url": "", "features": []}})
    with (
        open(0, "rb", closefd=False) as jobs,
        open(1, "wb", closefd=False) as answers,
        open(os.devnull, "wb") as nowhere,  # noqa: PTH123
    ):
        _limit_process()
        write_frame(answers, {"ready": True})
        while (job := read_frame(jobs)) is not None:
            # A watchdog in C: it also ends a single endless operation.
            faulthandler.dump_traceback_later(_GIVE_UP_AFTER, exit=True, file=nowhere)
            answer = evaluate(job)
            faulthandler.cancel_dump_traceback_later()
            write_frame(answers, answer)
            del job, answer  # they have the link, and the next job may come much later
    return 0


def _limit_process() -> None:
    """No new files, connections or programs, and a limit of memory. Windows has no such limits, and
    macOS not that of memory: the program watches the memory too."""
    if sys.platform == "win32":
        return
    import resource

    for kind, limit in (
        (resource.RLIMIT_AS, MEMORY_LIMIT),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        _soft, hard = resource.getrlimit(kind)
        wanted = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        # macOS refuses a limit of memory below what its shared libraries take.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (wanted, wanted))
