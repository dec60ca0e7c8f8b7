"""Versions of the insurance service's database."""
