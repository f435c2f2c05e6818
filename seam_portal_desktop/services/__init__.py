"""The use cases, in plain asyncio: they know the domain's ports and no adapter."""
