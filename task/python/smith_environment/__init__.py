"""Runs the code of a solver in the interactive environment. Only inside the sandbox."""
