"""A small feed-forward network on numpy: how likely a candidate is right, as log odds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Network:
    """``layers`` are (weights, bias) pairs with rectified units between them; the last gives one number.

    The input is centred and scaled, and beside each column stands whether it is zero.
    """

    centre: NDArray[np.float32]
    scale: NDArray[np.float32]
    layers: tuple[tuple[Matrix, NDArray[np.float32]], ...]

    def inputs(self, features: Matrix) -> Matrix:
        return np.concatenate([(features - self.centre) / self.scale, features == 0], 1).astype(np.float32)

    def log_odds(self, features: Matrix) -> NDArray[np.float32]:
        values = self.inputs(features)
        for weights, bias in self.layers[:-1]:
            values = np.maximum(values @ weights + bias, 0)
        weights, bias = self.layers[-1]
        odds: NDArray[np.float32] = (values @ weights + bias)[:, 0]
        return odds
