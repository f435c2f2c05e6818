"""One portal whole: its link, whether it was sent, and what is known of it."""
