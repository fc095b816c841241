"""The benchmark: `python -m tests.bench` measures Handoff beside a bare Bolt app and prints the ratios."""
