"""How well the labels of images, recordings and series are predicted from cheap measurements of a sample of files."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from .columns import Column, texts_of
from .features import Features, quantile_bins
from .probe_targets import LOGARITHM, folds_of, make_target
from .probes import joint_gain, single_gain
from .text import finite

FILES = 300


def measure_image(path: Path) -> list[float]:
    """Thumbnail of 12 × 12 grey and 4 × 4 colour values, and the file's size."""
    from PIL import Image

    with Image.open(path) as image:
        shape = [float(image.width), float(image.height)]
        image.draft("RGB", (64, 64))
        image.seek(0)
        colour = image.convert("RGB").resize((24, 24))
    pixels = np.asarray(colour, dtype=float) / 255
    grey = pixels.mean(axis=2).reshape(12, 2, 12, 2).mean(axis=(1, 3))
    coarse = pixels.reshape(4, 6, 4, 6, 3).mean(axis=(1, 3))
    return [*grey.ravel(), *coarse.ravel(), *pixels.std(axis=(0, 1)), *shape]


def measure_audio(path: Path) -> list[float]:
    """Mean and deviation of the energy in 24 bands, loudness over ten tenths of the recording, and its duration."""
    import soundfile

    with soundfile.SoundFile(path) as file:
        rate = file.samplerate
        signal = file.read(min(len(file), 5 * rate), dtype="float32", always_2d=True).mean(axis=1)
        duration = len(file) / rate
    if len(signal) < 512:
        signal = np.pad(signal, (0, 512 - len(signal)))
    frames = np.lib.stride_tricks.sliding_window_view(signal, 512)[::256][:600]
    power = np.abs(np.fft.rfft(frames * np.hanning(512), axis=1)) ** 2
    edges = np.unique(np.geomspace(1, power.shape[1], 25).astype(int))
    bands = np.log(np.add.reduceat(power[:, : edges[-1]], edges[:-1], axis=1) + 1e-8)
    loud = [float(part.mean()) for part in np.array_split(bands.mean(axis=1), 10) if len(part)]
    return [*bands.mean(axis=0), *bands.std(axis=0), *(loud + [0.0] * 10)[:10], duration]


def measure_series(path: Path) -> list[float]:
    """Length, and mean, deviation, ends and roughness of the first eight columns."""
    import pandas as pd

    table = pd.read_csv(path, sep=None, engine="python", nrows=5000, comment=None)
    numbers = table.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)[:, :8]
    found = [float(len(numbers))]
    for position in range(8):
        values = numbers[:, position] if position < numbers.shape[1] else np.array([])
        values = values[np.isfinite(values)]
        if len(values) < 2:
            found += [0.0] * 7
            continue
        third = max(1, len(values) // 3)
        found += [values.mean(), values.std(), values[0], values[-1], np.abs(np.diff(values)).mean(), values[-third:].mean() - values[:third].mean(), float(np.ptp(values))]
    return found


_MEASURES = {"image": measure_image, "audio": measure_audio, "series": measure_series}


def media_probes(raw: Path, kind: str, media: Column, targets: list[Column]) -> list[dict[str, object]]:
    """`Probe` of the survey's schema for each label, from at most `FILES` files."""
    targets = [column for column in targets if 2 <= column.distinct and column.type not in ("constant", "empty")][:4]
    if not targets or media.rows < 60:
        return []
    rows = np.sort(np.random.default_rng(20).choice(media.rows, min(FILES, media.rows), replace=False))
    paths = texts_of(media)
    measured, kept = [], []
    for row in rows:
        if media.codes[row] < 0:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                measured.append(_MEASURES[kind](raw / paths[media.codes[row]]))
        except Exception:  # noqa: BLE001 - damaged files raise anything; they are left out
            continue
        kept.append(int(row))
    if len(kept) < 60:
        return []
    sample = np.array(kept)
    matrix = np.nan_to_num(np.array(measured, dtype=float), nan=0.0, posinf=1e9, neginf=-1e9)
    bins = [quantile_bins(matrix[:, position], 8) for position in range(matrix.shape[1])]
    features = Features(matrix, [media.name] * matrix.shape[1], [False] * matrix.shape[1], np.column_stack([found for found, _ in bins]), [size + 1 for _, size in bins])
    position_bins, position_size = quantile_bins(sample.astype(float), 20)
    results: list[dict[str, object]] = []
    for column in targets:
        target = make_target(column, sample)
        if target is None:
            continue
        folds = folds_of(target, False)
        gain = finite(max(-1.0, joint_gain(features, list(range(matrix.shape[1])), target, folds, 12)))
        results.append(
            {
                "column": column.name,
                "kind": "classification" if target.classes else "regression",
                "gain": gain,
                "measure": f"{target.measure}; from cheap measurements of {len(sample)} files" if target.measure != LOGARITHM else target.measure,
                "singles": [{"column": media.name, "gain": gain}] if gain > 0 else [],
                "determinedBy": [],
                "copies": [],
                "orderGain": finite(max(-1.0, single_gain(position_bins, position_size + 1, target, folds))),
                "rows": len(target.rows),
            }
        )
    return results
