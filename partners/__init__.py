"""Programs for those who speak with the exchange: laboratories, and the agency's own people."""
