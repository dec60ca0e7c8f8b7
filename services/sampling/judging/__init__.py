"""Judging what a laboratory prints: notation and units, the catalogue of limits, and what a result comes out as."""
