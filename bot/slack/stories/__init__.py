"""Listeners by story: what happens when somebody does something."""
