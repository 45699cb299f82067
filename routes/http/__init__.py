"""HTTP helpers of all routes: bodies and headers, documented answers, file downloads."""
