"""What people see: widgets, models, delegates and the controllers that drive them."""
