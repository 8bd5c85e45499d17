"""Sources whose result changes from run to run."""

from __future__ import annotations

import ast

from smith_checks.check import Check, Finding, Outcome
from smith_checks.package import Package
from smith_checks.syntax import calls_of, nodes_of, sources_of

CHECK = Check(
    id="source-unseeded-randomness",
    title="prepare.py or metric.py draws without a seed, or depends on clock, environment or hash seed",
    severity="fatal",
    blame="refactor",
    why="Two people who prepare the task must get the same test; a score that is drawn ranks nobody.",
)

# Calls that are sound when they are given a seed (first argument, `seed`, `random_state`).
SEEDED = {
    "numpy.random.default_rng": 0, "numpy.random.RandomState": 0, "numpy.random.SeedSequence": 0, "numpy.random.PCG64": 0,
    "numpy.random.MT19937": 0, "random.Random": 0, "numpy.random.seed": 0, "random.seed": 0, "numpy.random.Generator": 0,
}  # fmt: skip
CLOCK = {
    "time.time", "time.time_ns", "time.monotonic", "time.perf_counter", "datetime.datetime.now", "datetime.datetime.utcnow",
    "datetime.datetime.today", "datetime.date.today", "datetime.now", "pandas.Timestamp.now", "pandas.Timestamp.today",
    "pandas.Timestamp.utcnow", "uuid.uuid1", "uuid.uuid4", "os.urandom", "os.getpid", "os.cpu_count", "os.getenv", "os.environ.get",
    "locale.getlocale", "locale.getdefaultlocale", "socket.gethostname", "platform.node", "hash", "id",
}  # fmt: skip
MODULES = ("secrets.", "random.SystemRandom")
# Of scikit-learn; they draw unless told how.
SPLITTERS = {"ShuffleSplit", "GroupShuffleSplit", "StratifiedShuffleSplit"}


def run(package: Package) -> Outcome:
    outcome = Outcome(measured={})
    for source in sources_of(package):
        if source.tree is None:
            continue
        calls = list(calls_of(source.tree))
        seeded_globally = {name.rsplit(".", 1)[0] for name, call in calls if name in {"numpy.random.seed", "random.seed"} and _has_seed(call, 0, "seed")}
        found = []
        for name, call in calls:
            if not _is_sound(name, call, seeded_globally):
                found.append((name, call.lineno))
        if any(isinstance(node, ast.Attribute) and ast.unparse(node) == "os.environ" for node in nodes_of(source.tree)):
            found.append(("os.environ", 0))
        outcome.measured[source.name] = len(found)
        outcome.findings += [
            Finding(
                f"Make {source.name} depend on nothing but its input and a fixed seed.",
                f"{source.name}, line {line}: {name.lstrip('.')}",
            )
            for name, line in found[:5]
        ]
    return outcome


def _is_sound(name: str, call: ast.Call, seeded_globally: set[str]) -> bool:
    last = name.split(".")[-1]
    if name in SEEDED:
        return _has_seed(call, SEEDED[name], "seed")
    if name in CLOCK or name.startswith(MODULES):
        return False
    if name.startswith(("numpy.random.", "random.")):
        return name.rsplit(".", 1)[0] in seeded_globally
    if last == "sample" and "." in name and not name.startswith("random"):
        # A frame takes keywords, or one number of rows; `Random.sample` takes two positions.
        wants = len(call.args) == 1 or any(keyword.arg in {"frac", "n", "replace", "weights"} for keyword in call.keywords)
        return not wants or _keyword(call, "random_state")
    if last in {"train_test_split", *SPLITTERS}:
        if last == "train_test_split" and any(keyword.arg == "shuffle" and _is_false(keyword.value) for keyword in call.keywords):
            return True
        return _keyword(call, "random_state")
    return True


def _has_seed(call: ast.Call, position: int, keyword: str) -> bool:
    given = list(call.args[position : position + 1]) + [entry.value for entry in call.keywords if entry.arg in {keyword, "random_state"}]
    return any(not (isinstance(value, ast.Constant) and value.value is None) for value in given)


def _keyword(call: ast.Call, name: str) -> bool:
    return any(
        entry.arg == name and not (isinstance(entry.value, ast.Constant) and entry.value.value is None) or entry.arg is None
        for entry in call.keywords
    )


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False
