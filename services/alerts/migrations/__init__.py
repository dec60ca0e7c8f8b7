"""Versions of the alerts service's database."""
