"""Everything Slack: listeners, payloads, views, sentences, delivery."""
