"""Fits the network that weighs candidates: Adam on the logistic loss, fixed seeds (Kingma and Ba 2015)."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scoring.wording.model.candidates import PlaceSieve
from scoring.wording.model.network import Matrix, Network
from scoring.wording.model.ngrams import Values

_HIDDEN = (64, 24)
_BATCH = 1024
_RATE = 2e-3
_DECAY = 1e-4
_LOST = 0.015  # share of the errors that could be found which the sieve of places may lose
_SIEVE_STEPS = 150


def fit(
    features: Matrix, right: NDArray[np.bool_], weight: NDArray[np.float32], epochs: int = 14, seed: int = 0
) -> Network:
    """A network that gives the log odds of ``right``."""
    random = np.random.default_rng(seed)
    centre = features.mean(0)
    scale = features.std(0) + np.float32(1e-3)
    empty = Network(centre, scale, ())
    inputs, target = empty.inputs(features), right.astype(np.float32)
    sizes = (inputs.shape[1], *_HIDDEN, 1)
    layers = [
        (random.normal(0, np.sqrt(2 / a), (a, b)).astype(np.float32), np.zeros(b, np.float32))
        for a, b in pairwise(sizes)
    ]
    flat = [part for pair in layers for part in pair]
    first = [np.zeros_like(part) for part in flat]
    second = [np.zeros_like(part) for part in flat]
    steps = epochs * (len(inputs) // _BATCH)
    step = 0
    for _ in range(epochs):
        order = random.permutation(len(inputs))
        for begin in range(0, len(order) - _BATCH + 1, _BATCH):
            rows = order[begin : begin + _BATCH]
            slopes = _slopes(layers, inputs[rows], target[rows], weight[rows])
            step += 1
            rate = _RATE * (1 - 0.97 * step / steps)
            for part, slope, mean, square in zip(flat, slopes, first, second, strict=True):
                mean += 0.1 * (slope - mean)
                square += 0.001 * (slope * slope - square)
                ahead = mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
                part -= (rate * (ahead + _DECAY * part)).astype(np.float32)
    return Network(centre, scale, tuple(layers))


def _slopes(layers: list[tuple[Matrix, Matrix]], inputs: Matrix, target: Matrix, weight: Matrix) -> list[Matrix]:
    """Gradients of the mean weighted loss, in the order weights, bias of each layer."""
    values = [inputs]
    for weights, bias in layers[:-1]:
        values.append(np.maximum(values[-1] @ weights + bias, 0))
    weights, bias = layers[-1]
    odds = (values[-1] @ weights + bias)[:, 0]
    delta = ((1 / (1 + np.exp(-np.clip(odds, -30, 30))) - target) * weight / len(target))[:, None].astype(np.float32)
    slopes: list[Matrix] = []
    for at in range(len(layers) - 1, -1, -1):
        slopes = [values[at].T @ delta, delta.sum(0), *slopes]
        if at:
            delta = (delta @ layers[at][0].T) * (values[at] > 0)
    return slopes


def fit_sieve(values: Values, wanted: NDArray[np.bool_], open_sieve: PlaceSieve) -> PlaceSieve:
    """A logistic model of the places where errors are found, one weight for each value of each run over them."""
    count = values.shape[1]
    weights = np.zeros((count, 256), np.float64)
    offset = float(np.log(wanted.mean() / (1 - wanted.mean())))
    square = np.full_like(weights, 1e-8)
    for _ in range(_SIEVE_STEPS):
        odds = offset + sum(weights[column][values[:, column]] for column in range(count))
        error = 1 / (1 + np.exp(-odds)) - wanted
        for column in range(count):
            slope = np.bincount(values[:, column], error, 256) + 0.5 * weights[column]
            square[column] += slope * slope
            weights[column] -= 0.5 * slope / np.sqrt(square[column])
    sieve = replace(open_sieve, weights=weights.astype(np.float16).astype(np.float32))
    return replace(sieve, least=float(np.quantile(sieve.doubt(values[wanted]), _LOST)))
