"""What happens when something is clicked: presenters join widgets to use cases."""
