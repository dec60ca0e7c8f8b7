"""Telling people that work waits for them: what the exchange says to an officer goes to a webhook or by mail."""
