"""Checks of `prepare.py` and `metric.py` as text: parsed, never imported or run."""
