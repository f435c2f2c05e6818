"""Sending by SMTP, and signing in at mail providers."""
