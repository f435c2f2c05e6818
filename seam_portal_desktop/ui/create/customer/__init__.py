"""The parts of the field for a customer's key."""
