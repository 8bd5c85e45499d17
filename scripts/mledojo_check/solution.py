"""What an agent might hand to MLE-Dojo: a forest on the columns of train.csv. TASK is defined above this text."""

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

public = Path(TASK["public"])  # noqa: F821
identifier, kind = TASK["id"], TASK["kind"]  # noqa: F821
train, test = pd.read_csv(public / "train.csv"), pd.read_csv(public / "test.csv")
submission = pd.read_csv(public / "sample_submission.csv").set_index(identifier).loc[test[identifier]].reset_index()
features = [name for name in test.columns if name in train.columns and name != identifier]
both = pd.concat([train[features], test[features]], ignore_index=True)
for name in features:
    if both[name].dtype.kind not in "iuf":
        both[name] = pd.factorize(both[name])[0]
both = both.fillna(-1)


def forest(target: str, classes: bool) -> tuple[RandomForestClassifier | RandomForestRegressor, np.ndarray]:
    """A forest fitted to one target, and the features of the test rows."""
    known = train[target].notna().to_numpy()
    model = (RandomForestClassifier if classes else RandomForestRegressor)(30, min_samples_leaf=3, random_state=0)
    model.fit(both[: len(train)][known], train[target][known])
    return model, both[len(train) :].to_numpy()


if kind == "probabilities":
    model, rows = forest(TASK["targets"][0], classes=True)  # noqa: F821
    shares = dict(zip(map(str, model.classes_), model.predict_proba(rows).T))
    columns = list(submission.columns[1:])
    table = np.column_stack([shares.get(column, np.zeros(len(test))) for column in columns]) + 1e-6
    submission[columns] = table / table.sum(axis=1, keepdims=True)
else:
    for target in submission.columns[1:]:
        if target not in train.columns:
            continue
        classes = kind in ("label", "labels") or train[target].dtype.kind not in "iuf"
        model, rows = forest(target, classes)
        if kind == "score" and classes:
            submission[target] = model.predict_proba(rows)[:, -1]
        else:
            # A survival task asks for the risk: the higher, the sooner.
            submission[target] = -model.predict(rows) if TASK["survival"] else model.predict(rows)  # noqa: F821
# Rows are matched by id: their order must not matter.
submission.iloc[::-1].to_csv(TASK["output"], index=False)  # noqa: F821
