"""Starts `play` in an interpreter of its own: this one may have imported the runtime's packages already."""

import os
import subprocess
import sys

environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
# MLE-Dojo's checkout and the packages it asks for come before the runtime's own, for all programs that it starts too.
environment["PYTHONPATH"] = "/job/checkout:/job/site:/job/code"
# What one of them compiles serves the next: all that they import lies in read-only folders.
environment["PYTHONPYCACHEPREFIX"] = "/tmp/bytecode"
sys.exit(subprocess.run(["python3", "-m", "mledojo_check.play"], env=environment, check=False).returncode)
