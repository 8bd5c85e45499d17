"""Sources that delete, move or overwrite what they were given."""

from __future__ import annotations

from smith_checks.check import Check, Finding, Outcome
from smith_checks.package import Package
from smith_checks.syntax import calls_of, sources_of

CHECK = Check(
    id="source-deletes-files",
    title="prepare.py or metric.py deletes or moves files, or runs shell commands",
    severity="fatal",
    blame="refactor",
    why="MLE-Dojo's shipped prepare scripts delete the raw data in 124 places; a second preparation then fails.",
)

DELETING = {
    "os.remove", "os.unlink", "os.rmdir", "os.removedirs", "os.rename", "os.renames", "os.replace", "os.truncate", "os.chmod",
    "os.system", "os.popen", "shutil.rmtree", "shutil.move", "shutil.chown", "eval", "exec", "compile",
}  # fmt: skip
# Methods of pathlib that lists and strings do not have.
METHODS = {"unlink", "rmdir"}


def run(package: Package) -> Outcome:
    outcome = Outcome(measured={})
    for source in sources_of(package):
        if source.tree is None:
            continue
        found = []
        for name, call in calls_of(source.tree):
            if name in DELETING or name.startswith(("os.exec", "os.spawn")) or ("." in name and name.split(".")[-1] in METHODS):
                found.append((name, call.lineno))
        outcome.measured[source.name] = len(found)
        outcome.findings += [
            Finding(f"Take {name.lstrip('.')} out of {source.name}.", f"{source.name}, line {line}: calls {name.lstrip('.')}")
            for name, line in found[:5]
        ]
    return outcome
