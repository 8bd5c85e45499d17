"""One check per file: `CHECK` says what it is, `run(package)` measures it."""
