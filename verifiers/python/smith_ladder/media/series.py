"""Short series in files of their own: statistics of each channel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

CHANNELS, PARTS = 12, 4


def series_features(path: Path) -> np.ndarray:
    """A vector of fixed length for one CSV file with a column per channel."""
    frame = pd.read_csv(path, sep=None, engine="python", skipinitialspace=True) if path.suffix != ".csv" else pd.read_csv(path, skipinitialspace=True)
    values = frame.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)[:, :CHANNELS]
    values = np.nan_to_num(values)
    summary = np.zeros((CHANNELS, 11 + 2 * PARTS))
    for channel in range(values.shape[1] if len(values) else 0):
        summary[channel] = _summary(values[:, channel])
    return np.append(summary.ravel(), len(values))


def _summary(values: np.ndarray) -> np.ndarray:
    place = np.linspace(-1, 1, len(values))
    slope = float(place @ (values - values.mean()) / max(place @ place, 1e-9))
    steps = np.diff(values) if len(values) > 1 else np.zeros(1)
    parts = np.array_split(values, PARTS)
    shape = [part.mean() if len(part) else 0.0 for part in parts] + [part.std() if len(part) else 0.0 for part in parts]
    return np.array(
        [
            values.mean(), values.std(), values.min(), values.max(), *np.quantile(values, (0.25, 0.5, 0.75)),
            values[0], values[-1], slope, np.abs(steps).mean(), *shape,
        ]
    )
