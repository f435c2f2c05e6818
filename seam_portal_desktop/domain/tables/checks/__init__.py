"""What may be wrong with rows of customer data, though Seam takes them."""
