"""What is done with portals: create, look up, renew, revoke, preview, export."""
