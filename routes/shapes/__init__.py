"""What the API takes and what it answers, a file for each resource."""
