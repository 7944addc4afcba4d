"""One function over many items in processes of their own: results keep their order, a crash loses one item only."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_GRACE = 5.0  # seconds that a process has to tidy up once the user has given up


class ProcessLost(Exception):
    """The process that worked on an item ended without a result. ``str(error)`` says how, in Chinese."""


def cores() -> int:
    """The cores that this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(work: Callable[[T], R], items: Sequence[T], jobs: int, done: Callable[[T], None]) -> list[R | ProcessLost]:
    """``work`` of every item, in the order of ``items``, by up to ``jobs`` processes. ``work`` must not raise.

    ``done`` is called here behind each item. Where the system cannot fork, ``work``, items and results must be ones
    that can be pickled. On an interrupt all processes are ended before it is handed on.
    """
    results: dict[int, R | ProcessLost] = {}
    left = deque(range(len(items)))
    with _crew(work, min(jobs, len(items))) as crew:
        while len(results) < len(items):
            for worker in crew:
                if worker.task is None and left:
                    worker.give(left.popleft(), items)
            busy = [worker for worker in crew if worker.task is not None]
            wait([watched for worker in busy for watched in (worker.conn, worker.process.sentinel)])
            for worker in busy:
                number = worker.task
                answer = worker.answer()
                if number is not None and answer:
                    results[number] = answer[0]
                    done(items[number])
    return [results[number] for number in range(len(items))]


@contextmanager
def _crew(work: Callable[[T], R], jobs: int) -> Iterator[list[_Worker[T, R]]]:
    crew: list[_Worker[T, R]] = []
    try:
        for _ in range(jobs):
            crew.append(_Worker(work, crew))
        yield crew
    except BaseException:
        for worker in crew:
            worker.process.terminate()
        raise
    finally:
        for worker in crew:
            worker.dismiss()


class _Worker(Generic[T, R]):
    """One process and our end of the pipe to it; ``task`` is the number of the item that it has."""

    process: Any
    conn: Connection[Any, Any]
    task: int | None

    def __init__(self, work: Callable[[T], R], crew: list[_Worker[T, R]]) -> None:
        self._work = work
        self._crew = crew
        self._begin()

    def _begin(self) -> None:
        forks = "fork" in multiprocessing.get_all_start_methods()
        context: Any = multiprocessing.get_context("fork" if forks else "spawn")
        self.conn, other = multiprocessing.Pipe()
        # Our ends must not live on in the others: only then does each notice when we are gone.
        ours = [self.conn, *(worker.conn for worker in self._crew if worker is not self)] if forks else []
        self.process = context.Process(target=_serve, args=(other, ours, self._work), daemon=True)
        self.process.start()
        other.close()
        self.task = None

    def give(self, number: int, items: Sequence[T]) -> None:
        self.task = number
        # One that died idle is told from the sentinel, as one that died at work.
        with suppress(OSError):
            self.conn.send(items[number])

    def answer(self) -> tuple[R | ProcessLost] | None:
        """What came of the task; None where it is still at work. A process that is gone is replaced."""
        if not self.conn.poll() and self.process.is_alive():
            return None
        try:
            # It may have answered with its last breath.
            found = (self.conn.recv(),) if self.conn.poll() else None
        except (EOFError, OSError):
            found = None
        self.task = None
        if found is None:
            self.process.join()
            code = self.process.exitcode
            self.conn.close()
            self._begin()
            how = f"收到信号 {-code}" if code and code < 0 else f"状态 {code}"
            return (ProcessLost(f"处理它的进程意外退出，{how}"),)
        return found

    def dismiss(self) -> None:
        """End the process, by force where it does not end by itself."""
        with suppress(OSError):
            self.conn.close()
        self.process.join(_GRACE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _serve(conn: Connection[Any, Any], ours: Sequence[Connection[Any, Any]], work: Callable[[Any], Any]) -> None:
    """The life of a process: take an item, answer, until nobody is at the other end."""
    # An interrupt reaches every process of the terminal; the one that started us decides, and says so by SIGTERM.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, _leave)
    for end in ours:
        end.close()
    with suppress(EOFError, OSError):
        while True:
            conn.send(work(conn.recv()))


def _leave(*_: object) -> None:
    raise SystemExit(1)
