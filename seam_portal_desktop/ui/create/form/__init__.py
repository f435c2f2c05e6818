"""The form of the New portal dialog."""
