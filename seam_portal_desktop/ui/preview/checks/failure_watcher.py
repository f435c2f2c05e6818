"""The script that watches from a document's first moment for parts that don't come."""

from __future__ import annotations

from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineScript

from seam_portal_desktop.ui.preview.checks.page_question import WATCH, WATCH_NAME


def watch_for_failures(page: QWebEnginePage) -> None:
    """Have every document of `page`, but not of its frames, watched out of its own reach."""
    script = QWebEngineScript()
    script.setName(WATCH_NAME)
    script.setSourceCode(WATCH)
    script.setWorldId(QWebEngineScript.ScriptWorldId.ApplicationWorld.value)
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setRunsOnSubFrames(False)
    page.scripts().insert(script)
