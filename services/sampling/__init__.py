"""Sampling carries a sample from the plan to the end, and judges what laboratories report.

Hears samplers (forms, custody, rapid tests), laboratories (receipts, reports, corrections, re-inspections) and officers
(plans, accreditations, notices, decisions). Tells whether a sample passed, failed, is unclear or is overturned, each
with its reasons, how far the plans are, and a receipt to whoever asked; keeps the statutory clocks, and tells when one
approaches or was missed. A handler is named after the event that wakes it, a rule after its decision; the rules by
which a result is judged are in ``judging``.
"""
