"""How each kind of notice is drawn."""
