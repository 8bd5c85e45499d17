"""Which solver a task gets."""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from smith_ladder.forecasting import ForecastingSolver
from smith_ladder.general import GeneralSolver
from smith_ladder.multilabel import MultilabelSolver
from smith_ladder.problem import Problem
from smith_ladder.ranking import RankingSolver
from smith_ladder.ratings import RatingsSolver
from smith_ladder.survival import SurvivalSolver


class Solver(Protocol):
    """Predictions with the name of what made them, for the three steps above trivial."""

    def limited(self) -> tuple[pd.DataFrame, str]: ...

    def simple(self) -> tuple[pd.DataFrame, str]: ...

    def strong(self) -> tuple[pd.DataFrame, str]: ...


def solves_rows(problem: Problem) -> bool:
    """Whether each row is answered from its own features, so that one of them alone can be compared with all."""
    return problem.kind != "multilabel" and problem.objective not in {"forecasting", "ranking", "rating_prediction", "survival"}


def solver_of(problem: Problem) -> Solver:
    """The solver for a task's objective."""
    special: dict[str, type] = {
        "forecasting": ForecastingSolver,
        "ranking": RankingSolver,
        "rating_prediction": RatingsSolver,
        "survival": SurvivalSolver,
    }
    if problem.kind == "multilabel":
        return MultilabelSolver(problem)
    return special.get(problem.objective, GeneralSolver)(problem)
