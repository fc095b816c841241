"""Scheduled posts: which are due, and what they report."""
