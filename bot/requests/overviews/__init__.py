"""What a person or a Home sees of many requests at once."""
