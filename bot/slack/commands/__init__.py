"""Slash commands: one file a command, one line in the table."""
