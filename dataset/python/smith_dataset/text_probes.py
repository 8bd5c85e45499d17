"""How well words (or pieces of a molecule) predict a column: hashed TF-IDF with kernel ridge regression."""

from __future__ import annotations

import re
import zlib

import numpy as np

from .columns import Column, texts_of
from .learners import class_skill, r_squared

ROWS = 1600
WIDTH = 1 << 14


def is_content(column: Column) -> bool:
    """Texts, and strings such as SMILES whose pieces carry meaning."""
    words = set(re.split(r"[^a-z]+", column.name.lower()))
    return column.type == "text" or column.type == "string" and bool(words & {"smiles", "sequence", "inchi", "fasta"})


def tokens_of(text: str, pieces: bool) -> list[str]:
    if pieces:
        return [text[at : at + size] for size in (2, 3) for at in range(len(text) - size + 1)][:400]
    return re.findall(r"[^\W_]{2,}|[!?$£€]", text[:4000].lower())[:400]


def kernel_of(column: Column, rows: np.ndarray) -> np.ndarray:
    """Cosine similarities of the rows' TF-IDF vectors, shape (rows, rows)."""
    from scipy.sparse import csr_matrix

    texts = texts_of(column)
    pieces = column.type != "text"
    pointers, indices = [0], []
    for code in column.codes[rows]:
        if code >= 0:
            indices += sorted({zlib.crc32(token.encode()) % WIDTH for token in tokens_of(texts[code], pieces)})
        pointers.append(len(indices))
    matrix = csr_matrix((np.ones(len(indices)), np.array(indices, dtype=np.int32), np.array(pointers)), shape=(len(rows), WIDTH))
    seen = np.asarray((matrix > 0).sum(axis=0)).ravel()
    matrix = matrix.multiply(np.log((1 + len(rows)) / (1 + seen)) + 1).tocsr()
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    norms[norms == 0] = 1
    matrix = matrix.multiply((1 / norms)[:, None]).tocsr()
    return np.asarray((matrix @ matrix.T).todense())


def text_gain(kernel: np.ndarray, values: np.ndarray, classes: int) -> float:
    """Two-fold gain of kernel ridge; `values` are numbers (classes = 0) or codes."""
    order = np.random.default_rng(7).permutation(len(values))
    if classes:
        order = order[np.argsort(values[order], kind="stable")]
    truths, predictions, constants = [], [], []
    for fold in range(2):
        train, test = order[fold::2], order[1 - fold :: 2]
        labels = values[train]
        weights = np.ones(len(train))
        if classes:
            prior = np.bincount(labels.astype(int), minlength=classes) / len(train)
            goal = np.eye(classes)[labels.astype(int)]
            weights = 1 / np.maximum(prior, 1e-9)[labels.astype(int)]
            weights /= weights.mean()
        else:
            goal = labels[:, None]
        mean = weights @ goal / weights.sum()
        slopes = np.linalg.solve(kernel[np.ix_(train, train)] + np.diag(0.3 / weights), goal - mean)
        predictions.append(kernel[np.ix_(test, train)] @ slopes + mean)
        truths.append(values[test])
        constants.append(np.full(len(test), labels.mean()))
    truth, predicted = np.concatenate(truths), np.concatenate(predictions)
    if classes:
        return class_skill(truth.astype(int), predicted, np.ones(classes))
    return r_squared(truth, predicted[:, 0], np.concatenate(constants))
