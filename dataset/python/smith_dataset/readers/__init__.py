"""Readers of raw files: one module a format, each with one public function `read_<format>(raw, paths, **options)`.

The modules import nothing of ours: the source of each is spliced as it is into the `prepare.py` of a task.
Every reader knows two options: `names` replaces the columns in order, `rename` replaces single ones.
"""
