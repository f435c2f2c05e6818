"""What the list is filtered by: chips, menus, the words of the search box, saved filters."""
