"""Objects of tests with Qt are deleted on the main thread, as in the program.

Python collects cyclic garbage on whichever thread allocates. A ledger's or a sandbox's thread
that deletes Qt objects crashes the process.
"""

from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QCoreApplication, QEvent


@pytest.fixture(autouse=True)
def leftovers_are_deleted(_imported_objects_are_frozen):
    """Collect garbage before the test, and delete widgets after it.

    ``deleteLater`` needs an event loop. Without this, 16,800 widgets of 77 dialogs stayed, and the
    next style sheet took 3 to 20 s to restyle them.
    """
    gc.disable()
    gc.collect()
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True, scope="module")
def _imported_objects_are_frozen():
    """Exclude modules' objects from collections, which would take longer than the tests."""
    gc.collect()
    gc.freeze()
