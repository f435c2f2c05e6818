"""Signed updates."""
