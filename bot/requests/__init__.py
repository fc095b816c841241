"""Change requests: what was asked, decided, by whom, and who has the ball. The heart of the product."""
