"""Everything of a workspace out of Handoff as one file, and back in, here or elsewhere."""
