"""Handoff over HTTP: Slack's requests and health."""
