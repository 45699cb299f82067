"""`python -m bench`: the cost of the program with 1,000 and with 1,000,000 requests, measured in one run.

How to run it, the method and the results of the last full run: `docs/performance.md`.
"""
