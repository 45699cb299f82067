"""The organisation: its settings and their defaults, its working time and deadlines, the log of who changed what."""
