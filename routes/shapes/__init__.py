"""Input and output shapes of the API, one file per resource."""
