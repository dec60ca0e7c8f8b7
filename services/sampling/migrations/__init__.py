"""Versions of the sampling service's database."""
