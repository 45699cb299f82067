"""`python -m bench`: what the program costs at 1,000 and at 1,000,000 requests, side by side in one run.

`docs/performance.md` says how to run it, what is measured and how, and keeps the results of the last full run.
"""
