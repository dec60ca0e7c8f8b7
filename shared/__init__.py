"""What two services must agree on: the events, the bus, the journal, the clocks."""
