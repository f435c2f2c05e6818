"""What is removed from Seam: keys by kind, and what this program sent under them. No Qt."""
