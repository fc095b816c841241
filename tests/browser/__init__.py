"""The demo, as it ships, driven in headless Chromium."""
