"""Live feed: follows the event log and delivers events to open streams."""
