"""The demonstration: real published failures, and made passing results, take the whole path.

The figures are real (``published_failures.csv`` names the source of each row). Sample and report numbers, laboratories,
insurers, policies and regions are made.
"""
