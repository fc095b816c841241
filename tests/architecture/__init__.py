"""Tests of the code's shape: who imports what, what lives in one place only, what the migrations make."""
