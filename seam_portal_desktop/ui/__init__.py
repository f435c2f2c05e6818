"""What people see: widgets, models, delegates and the presenters that drive them."""
