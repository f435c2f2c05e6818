"""What is done about messages after they were sent, and whom nothing is sent to."""
