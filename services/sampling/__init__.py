"""Sampling judges what laboratories report.

Hears a laboratory's report and tells whether the sample passed, failed or is unclear, each with its reasons, and a
receipt to the laboratory; keeps the clock of the failed result, and tells when it was missed.
"""
