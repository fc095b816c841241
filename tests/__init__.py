"""The tests of Handoff; `./handoff test` runs them."""
