"""The first steps after an install: who is guided through them, and how far they have come."""
