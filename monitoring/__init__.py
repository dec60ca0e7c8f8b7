"""What operators see the exchange with."""
