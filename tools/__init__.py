"""Programs for the developer: none of them is needed to serve the shop."""
