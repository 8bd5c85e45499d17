"""Which solver a task gets."""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from smith_ladder.general import GeneralSolver
from smith_ladder.problem import Problem


class Solver(Protocol):
    """Predictions with the name of what made them, for the three steps above trivial."""

    def limited(self) -> tuple[pd.DataFrame, str]: ...

    def simple(self) -> tuple[pd.DataFrame, str]: ...

    def strong(self) -> tuple[pd.DataFrame, str]: ...


def solver_of(problem: Problem) -> Solver:
    """The solver for a task's objective."""
    return GeneralSolver(problem)
