"""What Slack already delivered, so that a repeat changes nothing."""
