"""Who a message may go to: what was typed into a field, and what is doubtful about it."""
