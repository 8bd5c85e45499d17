"""Writes the facts of every check of data and sources as JSON to the file that is named: the documentation reads them from the
texts of the checks, and a test compares the two."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from smith_checks import data, source
from smith_checks.check import load_checks

if __name__ == "__main__":
    facts = [asdict(check.facts) for check in load_checks(source) + load_checks(data)]
    Path(sys.argv[1]).write_text(json.dumps(facts), "utf-8")
