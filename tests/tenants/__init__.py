"""Tenants never meet."""
