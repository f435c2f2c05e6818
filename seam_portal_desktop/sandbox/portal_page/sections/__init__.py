"""The parts of the page that can be gone to, a module each."""
