"""Images: small pixels, colours, and histograms of oriented gradients (Dalal and Triggs, 2005)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

SIDE, CELL, ORIENTATIONS = 48, 8, 8
Image.MAX_IMAGE_PIXELS = 100_000_000


def image_features(path: Path) -> np.ndarray:
    """A vector of fixed length for one image file."""
    with Image.open(path) as opened:
        width, height = opened.size
        opened.draft("RGB", (SIDE * 2, SIDE * 2))  # lets JPEG decode at a fraction of its size
        colour = np.asarray(opened.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR), dtype=float) / 255
    gray = colour.mean(axis=2)
    small = gray.reshape(12, 4, 12, 4).mean(axis=(1, 3)).ravel()
    histogram = np.concatenate([np.histogram(colour[..., band], 8, (0, 1))[0] for band in range(3)]) / gray.size
    # 3 x 3 mean colours keep where a colour lies.
    places = colour.reshape(3, 16, 3, 16, 3).mean(axis=(1, 3)).ravel()
    return np.concatenate([small, histogram, places, _gradients(gray), [width, height, gray.std()]])


def _gradients(gray: np.ndarray) -> np.ndarray:
    down, right = np.gradient(gray)
    strength, angle = np.hypot(down, right), np.mod(np.arctan2(down, right), np.pi)
    direction = np.minimum((angle / np.pi * ORIENTATIONS).astype(int), ORIENTATIONS - 1)
    cells = SIDE // CELL
    place = np.arange(SIDE) // CELL
    index = (place[:, None] * cells + place[None, :]) * ORIENTATIONS + direction
    table = np.bincount(index.ravel(), weights=strength.ravel(), minlength=cells * cells * ORIENTATIONS).reshape(cells * cells, -1)
    return np.sqrt(table / (table.sum(axis=1, keepdims=True) + 0.1)).ravel()
