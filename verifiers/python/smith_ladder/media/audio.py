"""Sounds: log-mel energies and cepstral coefficients (Davis and Mermelstein, 1980), summed up over time."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import soundfile
from scipy.fft import dct

BANDS, COEFFICIENTS, SECONDS, PARTS = 32, 16, 10, 3


def audio_features(path: Path) -> np.ndarray:
    """A vector of fixed length for one sound file."""
    with soundfile.SoundFile(path) as file:
        rate = file.samplerate
        sound = file.read(frames=rate * SECONDS, dtype="float64", always_2d=True).mean(axis=1)
        duration = file.frames / rate
    size = 1 << max(6, int(np.ceil(np.log2(rate * 0.025))))
    hop = size // 2
    if len(sound) < size:
        sound = np.pad(sound, (0, size - len(sound)))
    frames = np.lib.stride_tricks.sliding_window_view(sound, size)[::hop]
    power = np.abs(np.fft.rfft(frames * np.hanning(size), axis=1)) ** 2
    mel = np.log(power @ _filters(rate, size).T + 1e-8)
    cepstrum = dct(mel, axis=1, norm="ortho")[:, :COEFFICIENTS]
    change = np.diff(cepstrum, axis=0) if len(cepstrum) > 1 else np.zeros((1, COEFFICIENTS))
    pieces = [mel.mean(0), mel.std(0), cepstrum.mean(0), cepstrum.std(0), change.std(0)]
    # What comes first, in the middle, and last.
    pieces += [part.mean(0) if len(part) else np.zeros(COEFFICIENTS) for part in np.array_split(cepstrum, PARTS)]
    crossings = float((np.diff(np.signbit(sound)) != 0).mean())
    return np.concatenate([*pieces, [duration, np.log(np.abs(sound).mean() + 1e-8), np.abs(sound).max(), crossings]])


@cache
def _filters(rate: int, size: int) -> np.ndarray:
    """Triangular filters, equally wide on the mel scale: (BANDS, size // 2 + 1)."""
    top = 2595 * np.log10(1 + rate / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, BANDS + 2) / 2595) - 1)
    frequencies = np.fft.rfftfreq(size, 1 / rate)
    rise = (frequencies - edges[:-2, None]) / (edges[1:-1, None] - edges[:-2, None])
    fall = (edges[2:, None] - frequencies) / (edges[2:, None] - edges[1:-1, None])
    return np.maximum(0, np.minimum(rise, fall))
