"""Pieces of a compiled `metric.py`.

Each file is ordinary Python that can be imported and tested here. `task/metrics/compile.ts` puts the pieces that one
metric needs, without their docstrings and imports, into one standalone file. A piece therefore imports only the
standard library, numpy, pandas, `mledojo.metrics.base` and other pieces.
"""
