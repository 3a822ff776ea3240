"""Hostile inputs, and probes of what they do to each door; see docs/robustness.md."""
