"""Lays a task that others made out as ours: finds its tables, its id and its target, and writes the four tables of a package."""
