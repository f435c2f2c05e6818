"""What is wrong with sending a link, before it is sent."""
