"""Checks of a task package that need to read its data. Trusted code: nothing here runs a package's Python."""
