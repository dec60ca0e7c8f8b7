"""Enforcement opens a case per failed sample and refers it to police and procuratorate where a rule is met."""
