"""The Help menu's dialogs: updates, licences, diagnostics and crash reports."""
