"""Finding requests by what was written about them."""
