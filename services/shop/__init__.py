"""The organisation: settings and defaults, working time and deadlines, audit log."""
