"""The tenant: one Slack workspace (or organisation) and its settings."""
