"""The live feed: it follows the log of events and hands them to the open streams."""
