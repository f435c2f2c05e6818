"""Cyclic garbage in tests with Qt is collected on the main thread, as in the program.

Python collects on whichever thread allocates; a ledger's or a sandbox's thread that deletes Qt
objects crashes the process.
"""

from __future__ import annotations

import gc

import pytest


@pytest.fixture(autouse=True)
def garbage_collected_on_this_thread():
    gc.disable()
    gc.collect()
