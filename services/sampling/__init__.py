"""Sampling judges what laboratories report.

Hears a laboratory's report and tells whether the sample passed, failed or is unclear, each with its reasons, and a
receipt to the laboratory; hears that a case was opened, and stops the clock of the failed result.
"""
