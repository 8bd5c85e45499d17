"""Runs discovery over many small datasets in one job, for the tests."""
