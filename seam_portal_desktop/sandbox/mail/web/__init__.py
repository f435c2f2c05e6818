"""The mailbox over HTTP."""
