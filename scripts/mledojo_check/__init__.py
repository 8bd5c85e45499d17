"""Drives MLE-Dojo's own code on tasks of ours, inside the sandbox (see scripts/mledojo-check.ts)."""
