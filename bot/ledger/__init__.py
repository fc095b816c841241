"""Who pays for accepted hours: funding entries, growth, creep."""
