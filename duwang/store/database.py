"""Opening the store: SQLite in a file, or PostgreSQL by address; making it, and bringing an older one up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from crawler.errors import UnusableInput

DEFAULT = "duwang-store.sqlite"
_WAIT = 60.0  # seconds for another writer
_LOCK = 7_201_923  # under which programs take turns to write on a PostgreSQL server


@contextmanager
def writing(url: str) -> Iterator[Connection]:
    """A transaction that changes the store, made where there is none yet: all of it, or nothing.

    Raises UnusableInput where the store cannot be used.
    """
    with _turn(url) as connection:
        if _is_empty(connection):
            command.upgrade(_config(connection), "head")
        else:
            _refuse_other(connection, url)
        yield connection


@contextmanager
def reading(url: str) -> Iterator[Connection | None]:
    """A transaction that changes nothing; None where there is no store yet. Raises UnusableInput as ``writing``."""
    address = _address(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        yield None
        return
    with _opened(url) as engine, engine.connect() as connection, connection.begin():
        if _is_empty(connection):
            yield None
            return
        _refuse_other(connection, url)
        yield connection


def upgrade(url: str) -> tuple[str, str]:
    """Bring the store up to this version; gives the versions before ("" for a new one) and after."""
    with _turn(url) as connection:
        before = _version(connection)
        if before is None and not _is_empty(connection):
            raise UnusableInput(f"{shown(url)}：这是别的数据库，不是本程序的台账库；请换一个位置。")
        if before is not None and before not in _known():
            _refuse_other(connection, url)
        command.upgrade(_config(connection), "head")
        return before or "", _known()[0]


def shown(url: str) -> str:
    """The place of the store for people, without a password."""
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        return address.database or ""
    return address.set(drivername="postgresql").render_as_string(hide_password=True)


@contextmanager
def _turn(url: str) -> Iterator[Connection]:
    """A transaction of the only one that writes: each is short, and none can wait for another in a circle."""
    with _opened(url) as engine, engine.execution_options(write=True).connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        yield connection


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    try:
        yield _engine(_address(url))
    except DBAPIError as error:
        raise UnusableInput(f"{shown(url)}：{_reason(error)}") from error
    except SQLAlchemyError as error:
        raise UnusableInput(f"{shown(url)}：台账库不能使用（{type(error).__name__}）；请检查位置和权限。") from error


@cache
def _engine(address: URL) -> Engine:
    """One for each store: it remembers how statements are put, and keeps no connection open."""
    try:
        engine = create_engine(address, poolclass=NullPool, connect_args=_arguments(address))
    except ModuleNotFoundError:
        raise UnusableInput('没有安装 PostgreSQL 组件；请运行 pip install "duwang[postgres]"。') from None
    if address.get_backend_name() == "sqlite":
        Path(address.database or "").parent.mkdir(parents=True, exist_ok=True)
        _settle(engine)
    return engine


def _address(url: str) -> URL:
    if "://" not in url:
        return URL.create("sqlite+pysqlite", database=str(Path(url or DEFAULT).absolute()))
    try:
        address = make_url(url)
        kind = address.get_backend_name()
    except (ArgumentError, NoSuchModuleError):
        kind = ""
    if kind == "sqlite" and address.database:
        return address.set(drivername="sqlite+pysqlite")
    if kind == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    raise UnusableInput("台账库的位置不可用；请写文件路径，或 postgresql://用户@主机/库名 形式的地址。")


def _arguments(address: URL) -> dict[str, Any]:
    return {"timeout": _WAIT} if address.get_backend_name() == "sqlite" else {"connect_timeout": 10}


def _settle(engine: Engine) -> None:
    """SQLite: transactions begin where we say so, writers take turns, what is written is whole after a crash."""

    @event.listens_for(engine, "connect")
    def _(connection: Any, record: object) -> None:  # noqa: ARG001  # the signature of the event
        connection.isolation_level = None
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _reason(error: DBAPIError) -> str:
    told = str(error.orig).lower()
    if "not a database" in told:
        return "这个文件不是台账库；请换一个位置。"
    if "locked" in told:
        return "台账库正由另一个程序写入，等了一分钟；请稍后重试。"
    if "full" in told:
        return "磁盘已满；请清理后重试。"
    if "readonly" in told or "unable to open" in told or "permission" in told:
        return "台账库不能写入；请检查路径和权限。"
    if error.connection_invalidated or "connect" in told:
        return "连接不上数据库；请检查地址、用户和密码，数据库是否在运行。"
    return f"台账库出错（{type(error.orig).__name__}）；请检查位置和权限。"


# --- versions ---------------------------------------------------------------------------------------


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@cache
def _known() -> tuple[str, ...]:
    """The versions that this program knows, the newest first."""
    return tuple(revision.revision for revision in ScriptDirectory.from_config(_config()).walk_revisions())


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _is_empty(connection: Connection) -> bool:
    return not inspect(connection).get_table_names()


def _refuse_other(connection: Connection, url: str) -> None:
    version = _version(connection)
    if version is None:
        raise UnusableInput(f"{shown(url)}：这是别的数据库，不是本程序的台账库；请换一个位置。")
    if version not in _known():
        raise UnusableInput(f"{shown(url)}：台账库由较新版本的程序建立；请更新本程序。")
    if version != _known()[0]:
        raise UnusableInput(f"{shown(url)}：台账库由较早版本的程序建立；请先备份，再运行 duwang store upgrade。")
