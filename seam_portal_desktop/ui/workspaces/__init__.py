"""Connecting a workspace, telling production from sandbox, switching and removing."""
