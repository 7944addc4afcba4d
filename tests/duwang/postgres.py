"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket, as a user without rights."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

_NUMBERS = count(1)


def program(name: str) -> str | None:
    """A program of PostgreSQL; Debian keeps the server's own out of the way."""
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(beside[0]) if beside else shutil.which(name)


def missing() -> str:
    """Why no server can be started; "" where one can."""
    if os.name != "posix" or not (program("initdb") and program("pg_ctl")):
        return "PostgreSQL is not installed; make system installs it"
    return ""


@contextmanager
def server() -> Iterator[str]:
    """Start a server until the block ends; gives the folder of its socket."""
    # A socket's path may have no more than 107 characters: not below pytest's own folder.
    folder = Path(tempfile.mkdtemp(prefix="dwpg-"))
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:  # initdb refuses root
        plain = _plain_user()
        os.chown(folder, plain.pw_uid, plain.pw_gid)
        as_user = {"user": plain.pw_uid, "group": plain.pw_gid, "extra_groups": []}
    data = str(folder / "data")
    settings = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=40 -c shared_buffers=16MB"

    def run(name: str, *words: str) -> None:
        subprocess.run(
            [str(program(name)), *words], check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=120, **as_user
        )

    try:
        run("initdb", "-D", data, "-A", "trust", "-U", "duwang", "-E", "UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", settings, "start")
        try:
            yield str(folder)
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _plain_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("no user without rights to run PostgreSQL as")


@contextmanager
def database(folder: str) -> Iterator[str]:
    """An empty database of the server at a socket, dropped when the block ends; gives its address."""
    name = f"t{os.getpid()}_{next(_NUMBERS)}"
    engine = create_engine(f"postgresql+psycopg://duwang@/postgres?host={folder}", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    try:
        yield f"postgresql://duwang@/{name}?host={folder}"
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()
