"""The request as JSON, cURL and Python."""
