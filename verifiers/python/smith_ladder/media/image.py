"""Images: small pixels, colours, gradients (Dalal and Triggs, 2005), and sizes and numbers of spots."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

SIDE, CELL, ORIENTATIONS = 48, 8, 8
SPOT_SIZES = (4, 16, 64, 256, 1024)
Image.MAX_IMAGE_PIXELS = 100_000_000


def spot_side(images: int) -> int:
    """Width or height of the copy on which spots are counted, so that many images take no longer than a few; 0 for not at all."""
    return 96 if images <= 600 else 64 if images <= 1200 else 0


def image_features(path: Path, spots: int = 96) -> np.ndarray:
    """A vector of fixed length for one image file; `spots` as `spot_side` gives it."""
    with Image.open(path) as opened:
        width, height = opened.size
        opened.draft("RGB", (max(SIDE, spots) * 2, max(SIDE, spots) * 2))  # lets JPEG decode at a fraction of its size
        whole = opened.convert("RGB")
    square = whole.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    colour = np.asarray(square, dtype=float) / 255
    gray = colour.mean(axis=2)
    small = gray.reshape(12, 4, 12, 4).mean(axis=(1, 3)).ravel()
    # 3 x 3 mean colours keep where a colour lies.
    places = colour.reshape(3, 16, 3, 16, 3).mean(axis=(1, 3)).ravel()
    pieces = [small, places, _gradients(gray), [width, height, gray.std()]]
    if spots == 0:
        return np.concatenate([*pieces, _colours(square)])
    scale = min(1.0, spots / max(width, height))
    size = max(8, round(width * scale)), max(8, round(height * scale))
    larger = whole.resize(size, Image.Resampling.BILINEAR)
    return np.concatenate([*pieces, _colours(larger), _spots(larger)])


def _colours(image: Image.Image) -> np.ndarray:
    """Shares of colours: each of RGB and HSV alone, and 4 x 4 x 4 cubes of RGB; square roots, as shares are skewed."""
    rgb, hsv = (np.asarray(image.convert(mode), dtype=int).reshape(-1, 3) for mode in ("RGB", "HSV"))
    alone = [np.bincount(bands[:, band] // 16, minlength=16) for bands in (rgb, hsv) for band in range(3)]
    cubes = np.bincount((rgb // 64) @ np.array([16, 4, 1]), minlength=64)
    return np.sqrt(np.concatenate([*alone, cubes]) / len(rgb))


def _spots(image: Image.Image) -> np.ndarray:
    """Connected parts on either side of a threshold: how many of which size, and their share; and how strong edges are."""
    found = []
    for values in (np.asarray(image.convert("L")), *(np.asarray(image.convert("HSV"))[..., band] for band in (0, 1)), np.asarray(image)[..., 1]):
        smooth = ndimage.uniform_filter(values.astype(float), 3)
        threshold = _otsu(smooth)
        for mask in (smooth > threshold, smooth <= threshold, smooth > np.quantile(smooth, 0.97)):
            labels, count = ndimage.label(mask)
            areas = np.bincount(labels.ravel())[1:]
            by_size = np.bincount(np.searchsorted(SPOT_SIZES, areas), minlength=len(SPOT_SIZES) + 1)
            found += [*np.log1p(by_size), count and areas.max() / mask.size, mask.mean(), float((mask[1:] != mask[:-1]).mean() + (mask[:, 1:] != mask[:, :-1]).mean())]
        down, right = np.gradient(smooth)
        strength = np.hypot(down, right)
        found += [strength.mean(), strength.std(), *np.quantile(strength, (0.5, 0.9, 0.99)), threshold, smooth.std()]
    return np.array(found, dtype=float)


def _otsu(values: np.ndarray) -> float:
    """The threshold that separates the values best in two (Otsu, 1979)."""
    counts, edges = np.histogram(values, 64)
    centers = (edges[:-1] + edges[1:]) / 2
    below = counts.cumsum()
    above = below[-1] - below
    total = (counts * centers).cumsum()
    with np.errstate(all="ignore"):
        between = below * above * (total / below - (total[-1] - total) / above) ** 2
    return float(centers[int(np.nanargmax(between[:-1]))]) if np.isfinite(between[:-1]).any() else float(centers[0])


def _gradients(gray: np.ndarray) -> np.ndarray:
    down, right = np.gradient(gray)
    strength, angle = np.hypot(down, right), np.mod(np.arctan2(down, right), np.pi)
    direction = np.minimum((angle / np.pi * ORIENTATIONS).astype(int), ORIENTATIONS - 1)
    cells = SIDE // CELL
    place = np.arange(SIDE) // CELL
    index = (place[:, None] * cells + place[None, :]) * ORIENTATIONS + direction
    table = np.bincount(index.ravel(), weights=strength.ravel(), minlength=cells * cells * ORIENTATIONS).reshape(cells * cells, -1)
    return np.sqrt(table / (table.sum(axis=1, keepdims=True) + 0.1)).ravel()
