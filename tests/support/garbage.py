"""Cyclic garbage in tests with Qt is collected on the main thread, as in the program.

Python collects on whichever thread allocates; a ledger's or a sandbox's thread that deletes Qt
objects crashes the process.
"""

from __future__ import annotations

import gc

import pytest


@pytest.fixture(autouse=True)
def garbage_collected_on_this_thread(_what_is_imported_is_set_aside):
    gc.disable()
    gc.collect()


@pytest.fixture(autouse=True, scope="module")
def _what_is_imported_is_set_aside():
    """Looking at all modules' objects before each test would take longer than the tests."""
    gc.collect()
    gc.freeze()
