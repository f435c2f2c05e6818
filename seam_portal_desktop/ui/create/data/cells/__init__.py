"""The cells of the tables of customer data: their texts, marks, editors and clipboard."""
