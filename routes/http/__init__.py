"""What all routes share of HTTP: reading bodies and headers, describing answers, sending files."""
