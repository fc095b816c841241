"""Who is who: Slack users known to Handoff, their zones and working hours."""
