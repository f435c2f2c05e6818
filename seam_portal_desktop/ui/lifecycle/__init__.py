"""Renewing, revoking and exporting links, reservation links, and updating customer data."""
