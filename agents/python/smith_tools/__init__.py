"""Looks at a dataset that a model asks for: files, queries, and code. Runs only inside the sandbox."""
