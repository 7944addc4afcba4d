"""The trained data of the model: packed into one small file, and unpacked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scoring.wording.model.alphabet import Alphabet
from scoring.wording.model.candidates import Limits, PlaceSieve
from scoring.wording.model.confusion import Confusions
from scoring.wording.model.network import Network
from scoring.wording.model.ngrams import Hashes, KnownPairs, NgramTable, Values, extend, finish, start

FILE = "official.npz"
_PLANES = 5  # bytes of a difference of two 40-bit keys


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least log odds of a suspicion, by its kind."""

    exchanged: float
    missing: float
    doubled: float


@dataclass(frozen=True, slots=True)
class Runs:
    """Ascending keys of runs of characters with their values."""

    keys: Hashes
    values: Values

    def packed(self, name: str) -> dict[str, NDArray[np.uint8]]:
        """Arrays for the file: each byte of the keys' differences by itself, since like bytes together pack well."""
        steps = np.diff(self.keys, prepend=np.uint64(0))
        planes = np.ascontiguousarray(steps[:, None].view(np.uint8)[:, :_PLANES].T)
        return {f"{name}_values": self.values, **{f"{name}_{at}": plane for at, plane in enumerate(planes)}}

    @classmethod
    def unpacked(cls, name: str, data: Mapping[str, NDArray[np.uint8]]) -> Runs:
        steps = np.zeros(len(data[f"{name}_0"]), np.uint64)
        for plane in range(_PLANES):
            steps |= data[f"{name}_{plane}"].astype(np.uint64) << np.uint64(8 * plane)
        return cls(np.cumsum(steps), data[f"{name}_values"])


@dataclass(frozen=True, slots=True)
class Parameters:
    """All that a model consists of."""

    alphabet: Alphabet
    pairs: Runs
    longer: Runs
    table: NgramTable
    known: KnownPairs
    confusions: Confusions
    commonness: NDArray[np.float32]
    in_names: NDArray[np.float32]
    network: Network  # weighs exchanged characters
    shift_network: Network  # weighs missing and doubled ones
    sieve: PlaceSieve
    limits: Limits
    thresholds: Thresholds

    @classmethod
    def of(
        cls, alphabet: Alphabet, pairs: Runs, longer: Runs, confusions: Confusions, commonness: NDArray[np.float32],
        in_names: NDArray[np.float32], network: Network, shift_network: Network,
        sieve: PlaceSieve, limits: Limits, thresholds: Thresholds,
    ) -> Parameters:  # fmt: skip
        """Parameters with the tables that follow from them."""
        first, second = (part.astype(np.uint16) for part in np.divmod(pairs.keys, np.uint64(alphabet.size)))
        hashes = finish(extend(start(first), second))
        keys, order = np.unique(np.concatenate([hashes, longer.keys]), return_index=True)
        table = NgramTable(keys, np.concatenate([pairs.values, longer.values])[order])
        known = KnownPairs(first, second, pairs.values, alphabet.size, confusions.proposed)
        return cls(
            alphabet, pairs, longer, table, known, confusions, commonness, in_names, network, shift_network,
            sieve, limits, thresholds,
        )  # fmt: skip

    def save(self, path: Path) -> None:
        """Write the file; the same parameters give the same bytes."""
        count = np.diff(self.confusions.start)
        np.savez_compressed(
            path,
            allow_pickle=False,
            characters=np.frombuffer(self.alphabet.characters.encode("utf-16-le"), np.uint16),
            **self.pairs.packed("pair"),
            **self.longer.packed("run"),
            confusion_count=count.astype(np.uint16),
            confusion_other=self.confusions.other,
            confusion_level=self.confusions.sound << 4 | self.confusions.shape,
            commonness=self.commonness.astype(np.uint8),
            in_names=self.in_names.astype(np.uint8),
            **_stored("exchange", self.network),
            **_stored("shift", self.shift_network),
            sieve=self.sieve.weights.astype(np.float16),
            limits=np.array(
                [
                    self.sieve.seen,
                    self.sieve.seen_beside_marks,
                    self.sieve.least,
                    self.limits.kept,
                    self.limits.gain,
                    self.thresholds.exchanged,
                    self.thresholds.missing,
                    self.thresholds.doubled,
                ],
                np.float64,
            ),
        )


def load(path: Path) -> Parameters:
    """Read a file that ``save`` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        data = {name: stored[name] for name in stored.files}
    seen, beside_marks, least, kept, gain, *thresholds = data["limits"].tolist()
    first = np.concatenate([[0], np.cumsum(data["confusion_count"], dtype=np.int64)])
    level = data["confusion_level"]
    return Parameters.of(
        Alphabet(data["characters"].tobytes().decode("utf-16-le")),
        Runs.unpacked("pair", data),
        Runs.unpacked("run", data),
        Confusions(first, data["confusion_other"], level >> 4, level & 15),
        data["commonness"].astype(np.float32),
        data["in_names"].astype(np.float32),
        _network("exchange", data),
        _network("shift", data),
        PlaceSieve(int(seen), int(beside_marks), data["sieve"].astype(np.float32), least),
        Limits(int(kept), gain),
        Thresholds(*thresholds),
    )


def _stored(name: str, network: Network) -> dict[str, NDArray[np.float32]]:
    layers = {f"{name}_{n}_{k}": part for n, pair in enumerate(network.layers) for k, part in enumerate(pair)}
    return {f"{name}_centre": network.centre, f"{name}_scale": network.scale, **layers}


def _network(name: str, data: Mapping[str, NDArray[np.float32]]) -> Network:
    layers: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
    while f"{name}_{len(layers)}_0" in data:
        layers.append((data[f"{name}_{len(layers)}_0"], data[f"{name}_{len(layers)}_1"]))
    return Network(data[f"{name}_centre"], data[f"{name}_scale"], tuple(layers))


def shipped() -> Parameters:
    """The trained data that comes with the program."""
    with as_file(files(__package__) / FILE) as path:
        return load(path)
