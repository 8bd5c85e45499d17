"""Registers one exported task with MLE-Dojo, plays its three actions on it, and reports what MLE-Dojo answered."""

import filecmp
import json
import shutil
from pathlib import Path
from typing import Any

import mledojo
import numpy
import pandas
import sklearn
from mledojo.competitions import get_metric, get_prepare
from mledojo.competitions.registry import list_competitions
from mledojo.gym.competition import CompetitionRegistry, CompInfo
from mledojo.gym.env import KaggleEnvironment
from mledojo.metrics.base import CompetitionMetrics

# Each is refused, by our `grade` as by MLE-Dojo.
BAD_SUBMISSIONS = {
    "row-missing": "sample.iloc[1:]",
    "id-twice": "sample.iloc[[0, *range(len(sample) - 1)]]",
    "id-unknown": "sample.assign(**{sample.columns[0]: [f'x{number}' for number in range(len(sample))]})",
    "column-missing": "sample.iloc[:, :-1]",
    "column-unknown": "sample.assign(surplus=1)",
    "value-missing": "sample.assign(**{sample.columns[-1]: [None] * len(sample)})",
}
OUTPUT = Path("/tmp/output")
SUBMISSIONS = Path("/out/submissions")


def copy_code(public: Path, expression: str) -> str:
    """A program that writes the sample submission, changed by the expression."""
    return (
        "import pandas as pd\n"
        f"sample = pd.read_csv({str(public / 'sample_submission.csv')!r})\n"
        f"({expression}).to_csv({str(OUTPUT / 'submission.csv')!r}, index=False)\n"
    )


class Play:
    """An environment of MLE-Dojo with what its last step recorded."""

    def __init__(self, environment: KaggleEnvironment) -> None:
        self.environment = environment

    def step(self, action: str, **arguments: Any) -> tuple[dict[str, Any], float]:
        """The action's result, as MLE-Dojo's history holds it, and its reward."""
        _, reward = self.environment.step(action, **arguments)
        history = json.loads(Path(self.environment.history_file).read_text())
        return history["actions"][-1]["result"], float(reward)

    def submit(self, name: str, code: str) -> dict[str, Any]:
        """What MLE-Dojo made of a program's submission; the submission is kept under /out."""
        result, reward = self.step("execute_code", code=code)
        archived = sorted(OUTPUT.glob("submission_*.csv"), key=lambda path: path.stat().st_mtime_ns)
        if archived:
            shutil.move(archived[-1], SUBMISSIONS / f"{name}.csv")
        judged = result.get("submission") or {}
        position = judged.get("position_score") or {}
        return {
            "name": name,
            "status": result["status"],
            "score": judged.get("raw_score"),
            "reward": reward,
            "position": (position.get("private") or {}).get("position"),
            "places": (position.get("private") or {}).get("total"),
            "error": judged.get("error_type"),
            "details": str(judged.get("details") or result["execution"].get("error") or "")[-500:],
        }


def prepare_again(name: str, data: Path) -> dict[str, Any] | None:
    """The data made by the prepare function that MLE-Dojo loads, against the data of the package."""
    raw, made = Path("/job/raw"), Path("/tmp/prepared")
    if not raw.is_dir():
        return None
    for part in ("public", "private"):
        (made / part).mkdir(parents=True)
    result: dict[str, Any] = {"ran": True, "message": "", "equal": 0, "close": [], "different": []}
    try:
        get_prepare(name)(raw, made / "public", made / "private")
    except Exception as error:  # noqa: BLE001
        return {**result, "ran": False, "message": f"{type(error).__name__}: {error}"[:500]}
    for path in sorted(path for path in made.rglob("*") if path.is_file()):
        relative = path.relative_to(made)
        if (data / relative).is_file() and filecmp.cmp(path, data / relative, shallow=False):
            result["equal"] += 1
        else:
            result["close" if is_close(path, data / relative) else "different"].append(str(relative))
    return {**result, "close": result["close"][:100], "different": result["different"][:100]}


def is_close(one: Path, other: Path) -> bool:
    """Whether two tables differ by no more than the 12th digit of some numbers."""
    if one.suffix != ".csv" or not other.is_file():
        return False
    try:
        pandas.testing.assert_frame_equal(pandas.read_csv(one), pandas.read_csv(other), rtol=1e-12)
    except AssertionError:
        return False
    return True


def main() -> None:
    """Plays one task; /job/input.json says which."""
    task = json.loads(Path("/job/input.json").read_text())
    name, data = task["name"], Path("/job/data") / task["name"] / "data"
    assert Path(mledojo.__file__).is_relative_to("/job/checkout"), mledojo.__file__
    for module in (numpy, pandas, sklearn):
        assert Path(module.__file__).is_relative_to("/job/site"), module.__file__
    for folder in (OUTPUT, SUBMISSIONS):
        folder.mkdir(parents=True)

    metric = get_metric(name)
    assert metric is not None and issubclass(metric, CompetitionMetrics), metric
    registry = CompetitionRegistry()
    registry.register(name, data_dir=str(data), comp_info=CompInfo(), metric_class=metric)
    play = Play(
        KaggleEnvironment.make(
            competition_name=name,
            output_dir=str(OUTPUT),
            competition_registry=registry,
            execution_timeout=300,
            score_mode="position",
        )
    )

    public = data / "public"
    information, _ = play.step("request_info", info_type="all")
    facts = {"public": str(public), "output": str(OUTPUT / "submission.csv"), **task["solution"]}
    solution = f"TASK = {facts!r}\n{(Path(__file__).parent / 'solution.py').read_text()}"
    validated, _ = play.step("validate_code", code=solution)
    broken, _ = play.step("validate_code", code="def broken(:\n")
    scored = [play.submit("forest", solution), play.submit("sample", copy_code(public, "sample"))]
    bad = [play.submit(key, copy_code(public, expression)) for key, expression in BAD_SUBMISSIONS.items()]

    result = {
        "registered": name in list_competitions() and name in registry,
        "competitions": len(list_competitions()),
        "metric": metric.__name__,
        "higherIsBetter": registry.get(name).create_metrics().higher_is_better,
        "information": {
            "status": information["status"],
            "overview": information["data"]["overview"] == (public / "description.txt").read_text(encoding="utf-8"),
            "sampleColumns": list(information["data"]["sample_submission"]),
        },
        "validated": {"status": validated["status"], "error": str(validated["runtime"].get("error") or "")[-500:]},
        "brokenCode": broken["status"],
        "scored": scored,
        "bad": bad,
        "prepare": prepare_again(name, data),
        "versions": {module.__name__: module.__version__ for module in (numpy, pandas, sklearn)},
    }
    Path("/out/result.json").write_text(json.dumps(result))


main()
