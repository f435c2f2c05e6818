"""The Send… sheet: recipients, channel, template and the finished message."""
