"""Who owns what and what was agreed: clients, projects, baselines, scope items."""
