"""What we call a customer: shown beside the portal, and changed in a dialog."""
