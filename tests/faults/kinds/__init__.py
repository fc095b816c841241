"""What goes wrong: one small class a fault."""
