"""Real servers for the tests, started on loopback and gone with the test run."""
