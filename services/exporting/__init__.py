"""Exports of requests and statistics as CSV and XLSX tables."""
