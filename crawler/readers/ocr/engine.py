"""The two models: where text stands on a page, and what a line of text says. Nothing is fetched.

Models: PP-OCRv6 small (Apache-2.0) as the rapidocr wheel carries them. Detection is finished by rapidocr's own
post-processing (differentiable binarization); lines are decoded here, because figures need the rival readings.
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime
import rapidocr
from rapidocr.ch_ppocr_det.utils import DBPostProcess

from crawler.readers.ocr.effort import charge
from crawler.readers.ocr.settings import settings

Pixels = npt.NDArray[np.uint8]
T = TypeVar("T")
Reals = npt.NDArray[np.float32]
Corners = npt.NDArray[np.float32]  # 4 x 2: top left, top right, bottom right, bottom left

_HEIGHT = 48  # of a line as the model wants it
_GRID = 32  # sides of what detection looks at are multiples of this
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line says. ``sure`` has one confidence (0-1) for each character of ``text``, ``at`` its place (0-1)."""

    text: str = ""
    sure: tuple[float, ...] = ()
    at: tuple[float, ...] = ()

    @property
    def confidence(self) -> float:
        """That of the least certain character; 0 where nothing was read."""
        return min(self.sure, default=0.0)

    @property
    def mean(self) -> float:
        """Mean confidence of the characters; 0 where nothing was read."""
        return sum(self.sure) / max(len(self.sure), 1)


@dataclass(frozen=True)
class _Models:
    detection: onnxruntime.InferenceSession
    recognition: onnxruntime.InferenceSession
    characters: tuple[str, ...]
    finish: DBPostProcess


@cache
def _models(_process: int) -> _Models:
    """The models of a process: the threads of those that it was forked from are not in it."""
    folder = Path(rapidocr.__file__).parent / "models"
    names = settings("models")
    detection, recognition = (_session(folder / names[key]) for key in ("detection", "recognition"))
    listed = recognition.get_modelmeta().custom_metadata_map["character"].splitlines()
    limits = settings("detection")
    finish = DBPostProcess(
        thresh=limits["ink"], box_thresh=limits["box"], unclip_ratio=limits["grow"], max_candidates=limits["boxes"],
        use_dilation=True,
    )  # fmt: skip
    # Place 0 stands for "no character", the one after the last for a space.
    return _Models(detection, recognition, ("", *listed, " "), finish)


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = settings("models")["threads"]
    options.inter_op_num_threads = 1
    # No plan of memory is kept for each new size of line.
    options.enable_mem_pattern = False
    # Threads that wait sleep: other work on the machine is not held up.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _models_ready() -> _Models:
    with _LOCK:
        return _models(os.getpid())


@cache
def _tidy() -> onnxruntime.RunOptions:
    """Memory is shared by all steps of one run, which saves a tenth of the time, and given back after it."""
    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def _run(model: onnxruntime.InferenceSession, given: Reals) -> Reals:
    (made,) = model.run(None, {model.get_inputs()[0].name: given}, _tidy())
    return np.asarray(made, np.float32)


def find_text(image: Pixels) -> list[Corners]:
    """The corners of each piece of text on an image (height x width x 3), in its pixels; tall images in parts."""
    height, width = image.shape[:2]
    limits = settings("detection")
    # Detection enlarges no further, so smaller parts of a narrow strip would only cost time.
    part = max(round(limits["tall"] * width), round(limits["side"] / limits["enlarge"]))
    if height <= 1.5 * part:
        return _find_text(image)
    overlap = round(limits["overlap"] * width)
    found: list[Corners] = []
    for start in range(0, height, part):
        top = max(start - overlap, 0)
        for box in _find_text(image[top : start + part + overlap]):
            box[:, 1] += top
            # What lies in two parts belongs to the one with its middle.
            if start <= box[:, 1].mean() < start + part:
                found.append(box)
    return found


def _find_text(image: Pixels) -> list[Corners]:
    models = _models_ready()
    height, width = image.shape[:2]
    scale = min(settings("detection")["side"] / max(height, width), settings("detection")["enlarge"])
    sides = [max(round(side * scale / _GRID), 1) * _GRID for side in (width, height)]
    charge("found", sides[0] * sides[1])
    small = cv2.resize(image, sides, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    given = _normal(small.astype(np.uint8))[np.newaxis]
    boxes, _ = models.finish(_run(models.detection, given), (height, width))
    return [np.asarray(box, np.float32) for box in boxes]


def _normal(image: Pixels) -> Reals:
    """Colours from -1 to 1, channels first."""
    return np.ascontiguousarray((image.astype(np.float32) / 127.5 - 1).transpose(2, 0, 1))


def read_lines(images: Sequence[Pixels], most: float = math.inf) -> list[Reading]:
    """What each image of one line of text (height x width x 3) says.

    ``most``: pixels, as recognition is shown them, after which no further line is begun; the list is shorter then.
    """
    before = accumulate(map(shown, images), initial=0)
    chosen = [image for image, so_far in zip(images, before, strict=False) if so_far < most]
    return _read(chosen, settings("recognition")["squeeze"], _reading)


def shown(image: Pixels) -> int:
    """Pixels of a line as recognition is shown them."""
    return _wide(image, settings("recognition")["squeeze"]) * _HEIGHT


def read_figures(images: Sequence[Pixels]) -> list[tuple[Reading, Reading]]:
    """The free reading of each line and the best one in the characters that figures are written with.

    In the second one the odds of a letter that looks like a digit count for that digit.
    """
    models = _models_ready()
    place_of = {char: i for i, char in enumerate(models.characters)}
    places = np.array([0, *(place_of[char] for char in settings("figures")["characters"] if char in place_of)])
    alike = {place_of[a]: place_of[b] for a, b in settings("figures")["alike"].items() if a in place_of and len(b) == 1}

    def both(odds: Reals, share: float) -> tuple[Reading, Reading]:
        only = np.zeros_like(odds)
        only[:, places] = odds[:, places]
        for letter, digit in alike.items():
            only[:, digit] += odds[:, letter]
        return _reading(odds, share), _reading(only, share)

    return _read(images, 1.0, both)


def _read(images: Sequence[Pixels], squeeze: float, tell: Callable[[Reals, float], T]) -> list[T]:
    """What ``tell`` makes of each line: of the odds of every character at every step, and the share of the steps that
    the line fills. The odds of one line take some 20 MB and are not kept.

    ``squeeze``: share of its width that a long line is given.
    """
    models = _models_ready()
    limits = settings("recognition")
    lines = [_line(image, squeeze) for image in images]
    charge("read", sum(max(line.shape[1], limits["least_width"]) * _HEIGHT for line in lines))
    order = sorted(range(len(lines)), key=lambda i: lines[i].shape[1])
    found: dict[int, T] = {}
    while order:
        batch = [order.pop()]
        width = max(lines[batch[0]].shape[1], limits["least_width"])
        while order and (len(batch) + 1) * width <= limits["batch_width"]:
            batch.append(order.pop())
        given = np.zeros((len(batch), 3, _HEIGHT, width), np.float32)
        for k, i in enumerate(batch):
            given[k, :, :, : lines[i].shape[1]] = _normal(lines[i])
        odds = _run(models.recognition, given)
        for k, i in enumerate(batch):
            found[i] = tell(odds[k], lines[i].shape[1] / width)
    return [found[i] for i in range(len(lines))]


def _line(image: Pixels, squeeze: float) -> Pixels:
    """A line in the height that the model wants, no wider than it may be."""
    kind = cv2.INTER_CUBIC if image.shape[0] < _HEIGHT else cv2.INTER_AREA
    return cv2.resize(image, (_wide(image, squeeze), _HEIGHT), interpolation=kind).astype(np.uint8)


def _wide(image: Pixels, squeeze: float) -> int:
    """Pixels that a line is wide where it is as high as the model wants."""
    limits = settings("recognition")
    height, width = image.shape[:2]
    share = squeeze if width > limits["long"] * height else 1.0
    return int(min(max(math.ceil(share * width * _HEIGHT / max(height, 1)), 8), limits["most_width"]))


def _reading(odds: Reals, share: float) -> Reading:
    """The likeliest characters: equal ones side by side are one (connectionist temporal classification)."""
    characters = _models_ready().characters
    best = odds.argmax(axis=1)
    top = odds[np.arange(len(best)), best]
    steps = max(len(best) * share, 1.0)
    text: list[str] = []
    sure: list[float] = []
    at: list[float] = []
    for i, place in enumerate(best):
        if not place:
            continue
        if i and best[i - 1] == place:
            sure[-1] = max(sure[-1], float(top[i]))
            continue
        text.append(characters[place])
        sure.append(float(top[i]))
        at.append(min((i + 0.5) / steps, 1.0))
    return Reading("".join(text), tuple(sure), tuple(at))
