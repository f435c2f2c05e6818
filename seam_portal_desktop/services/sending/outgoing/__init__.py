"""Messages on their way out: what the Send… sheet asks for."""
