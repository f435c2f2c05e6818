"""The tables of customer data in the New portal dialog."""
