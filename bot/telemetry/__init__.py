"""What Handoff tells of itself while it runs: counts and times for Prometheus, traces and crash reports on request."""
