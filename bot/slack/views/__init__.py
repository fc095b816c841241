"""Blocks: pure functions from facts to what people see."""
