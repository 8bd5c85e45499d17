"""Prints the facts of every check of data and sources as JSON, for the documentation."""

from __future__ import annotations

import json
from dataclasses import asdict

from smith_checks import data, source
from smith_checks.check import load_checks

if __name__ == "__main__":
    print(json.dumps([asdict(check.facts) for check in load_checks(source) + load_checks(data)]))
