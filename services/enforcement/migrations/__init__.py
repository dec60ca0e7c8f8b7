"""Versions of the enforcement service's database."""
