"""What a preview finds wrong with a portal: gathering it, and showing it."""
