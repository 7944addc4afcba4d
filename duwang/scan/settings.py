"""The settings file of ``duwang scan``: who is told, and how sites are read. No secret stands in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from crawler.errors import UnusableInput
from reports.view import visible
from scoring.data import table
from scoring.yaml_source import RuleFileError, Source, parse_yaml


def _matching(name: str, pattern: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise PydanticCustomError(name, name)
        return value

    return AfterValidator(check)


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f\x7f]", value):
        raise PydanticCustomError("url", "url")
    return value


def _no_password(value: str) -> str:
    if "://" in value and re.search(r"//[^/@]*:[^/@]*@|[?&]password=", value):
        raise PydanticCustomError("store", "store")
    return value


_Host = Annotated[str, _matching("host", r"[A-Za-z0-9.:\[\]_-]{1,253}")]
_Address = Annotated[str, _matching("address", r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,253}")]
_Variable = Annotated[str, _matching("variable", r"[A-Za-z_][A-Za-z0-9_]{0,99}")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Mail(_Part):
    """A mail server and who gets the report; ``password_env`` names the variable that holds the password."""

    host: _Host
    port: Annotated[int, Field(ge=1, le=65535)]
    security: Literal["none", "starttls", "ssl"]
    sender: Annotated[_Address, Field(alias="from")]
    to: Annotated[tuple[_Address, ...], Field(min_length=1)]
    user: str = ""
    password_env: _Variable | None = None

    @model_validator(mode="after")
    def _login(self) -> Mail:
        if bool(self.user) != (self.password_env is not None):
            raise PydanticCustomError("login", "login")
        return self


class Webhook(_Part):
    """An address that gets the report as JSON; ``secret_env`` names the variable that holds the key to sign it with."""

    url: Annotated[str, AfterValidator(_url)]
    secret_env: _Variable | None = None


class Notify(_Part):
    """Who is told at the end."""

    mail: Mail | None = None
    webhook: Webhook | None = None


class Settings(_Part):
    """The file. What the command line says goes before it; paths are seen from the folder of the file."""

    notify: Notify = Notify()
    jobs: Annotated[int, Field(ge=1, le=64)] | None = None
    max_pages: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    delay: Annotated[float, Field(ge=0, le=60)] | None = None
    contact: str = ""
    render: Literal["auto", "never", "always"] | None = None
    lexicon: tuple[str, ...] = ()
    store: Annotated[str, AfterValidator(_no_password)] = ""


def load(path: Path) -> Settings:
    """Raises UnusableInput with one line for each fault: file, line, what is wrong."""
    try:
        if path.stat().st_size > table("scan")["most_bytes"]:
            raise UnusableInput(f"{path}：文件过大，不是设置文件；请核对路径。")
        source = parse_yaml(path.read_text(encoding="utf-8-sig"), path)
    except FileNotFoundError:
        raise UnusableInput(f"{path}：没有这个设置文件；请核对 --settings。") from None
    except UnicodeDecodeError:
        raise UnusableInput(f"{path}：不是 UTF-8 文本；请另存为 UTF-8。") from None
    except RuleFileError as error:
        raise UnusableInput("\n".join(f"{fault}。" for fault in error.faults)) from None
    try:
        settings = Settings.model_validate(_tuples(source.value if source.value is not None else {}))
    except ValidationError as error:
        details = error.errors(include_url=False)
        # A list that is empty only because its entries are wrong is told by them.
        inner = {detail["loc"][:end] for detail in details for end in range(len(detail["loc"]))}
        faults = [_fault(source, detail) for detail in details if detail["loc"] not in inner]
        raise UnusableInput("\n".join(dict.fromkeys(faults))) from None
    base = path.resolve().parent
    store = settings.store
    if store and "://" not in store:
        store = str(base / store)
    return settings.model_copy(update={"lexicon": tuple(str(base / one) for one in settings.lexicon), "store": store})


def _tuples(value: Any) -> Any:
    """Strict types know no list for a tuple."""
    if isinstance(value, list):
        return tuple(map(_tuples, value))
    return {key: _tuples(item) for key, item in value.items()} if isinstance(value, dict) else value


def _fault(source: Source, detail: ErrorDetails) -> str:
    words = table("scan")["faults"]
    context = detail.get("ctx") or {}
    allowed = str(context.get("ge", context.get("le", context.get("expected", ""))))
    # A value that was put where the name of a variable belongs may be the secret itself.
    secret = any(str(part) in ("password_env", "secret_env") for part in detail["loc"])
    shown = "" if secret or isinstance(detail["input"], dict | tuple) else str(detail["input"])
    values = {
        "key": ".".join(map(str, detail["loc"])) or "文件",
        "value": visible(" ".join(shown.split()))[:40],
        "allowed": allowed.replace("'", "").replace(" or ", "、").replace(", ", "、"),
    }
    text = str(words.get(detail["type"], words["other"])).format(**values)
    return f"{source.path}:{source.line(detail['loc'])}：{text}。"
