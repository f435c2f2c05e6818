"""The demo's data: its customers, their profiles, and the links that they were sent."""
