"""Sandboxes that run while a test runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.sandbox.server import SandboxConfig, SandboxServer


@contextmanager
def running_sandbox(
    config: SandboxConfig | None = None, *, clock: Clock = system_clock
) -> Iterator[SandboxServer]:
    """A started sandbox.

    uvicorn needs 0.2 s to stop, so it stops in a thread while the next test begins.
    """
    server = SandboxServer(config, clock=clock)
    server.start()
    try:
        yield server
    finally:
        threading.Thread(target=server.stop, name="stop sandbox", daemon=True).start()
