"""Tests of change requests: what is typed, decided and owed."""
