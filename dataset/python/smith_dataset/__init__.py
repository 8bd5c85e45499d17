"""Reads raw datasets and measures them; runs inside the sandbox."""
