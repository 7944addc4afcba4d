"""Telling people at the end of a scan: by mail, and by a request to an address of their own."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from duwang.failures import tell
from duwang.scan.settings import Mail, Notify, Webhook
from scoring.data import table

SIGNATURE = "X-Duwang-Signature"  # sha256=<HMAC-SHA256 of the body, hexadecimal>


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told: a line, the report, and the figures for programs."""

    subject: str
    text: str
    figures: Mapping[str, Any]


class _Failed(Exception):
    """A notice did not go out; ``str(error)`` is why."""


def send(notice: Notice, to: Notify) -> None:
    """Send the notice by all ways that are set; what fails is told and changes nothing else."""
    mail, webhook = to.mail, to.webhook
    if mail is not None:
        _tried("邮件", f"{mail.host}:{mail.port}", lambda: _mail(notice, mail))
    if webhook is not None:
        # An address often bears a key: it is not shown.
        _tried("网络通知", "webhook", lambda: _post(notice, webhook))


def _tried(kind: str, where: str, act: Callable[[], None]) -> None:
    try:
        act()
    except _Failed as error:
        why = str(error)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        why = _reason(error)
    except Exception as error:  # the results stand, whatever becomes of a notice
        why = type(error).__name__
    else:
        tell(f"已发出{kind}。")
        return
    tell(f"{kind}没有发出（{where}）：{why}；检查结果不受影响。请核对设置文件中的 notify。")


def _reason(error: BaseException) -> str:
    """Why, without what a server said or an address holds."""
    if isinstance(error, urllib.error.HTTPError):
        return f"对方返回状态码 {error.code}"
    if isinstance(error, urllib.error.URLError) and isinstance(error.reason, BaseException):
        return _reason(error.reason)
    if isinstance(error, TimeoutError):
        return "等待超时"
    if isinstance(error, ConnectionRefusedError):
        return "连接被拒绝"
    if isinstance(error, ssl.SSLError):
        return "加密连接没有建立"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "用户名或密码不对"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"邮件服务器返回 {error.smtp_code}"
    return type(error).__name__


def _secret(variable: str) -> str:
    value = os.environ.get(variable, "")
    if not value:
        raise _Failed(f"没有设定环境变量 {variable}")
    return value


def _mail(notice: Notice, mail: Mail) -> None:
    password = _secret(mail.password_env) if mail.password_env else ""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = notice.subject, mail.sender, ", ".join(mail.to)
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=mail.sender.rpartition("@")[2])
    message.set_content(notice.text, cte="base64")
    seconds = table("scan")["notice_seconds"]
    safe = ssl.create_default_context() if mail.security != "none" else None
    with (
        smtplib.SMTP_SSL(mail.host, mail.port, timeout=seconds, context=safe)
        if mail.security == "ssl"
        else smtplib.SMTP(mail.host, mail.port, timeout=seconds)
    ) as server:
        if mail.security == "starttls":
            server.starttls(context=safe)
        if mail.user:
            server.login(mail.user, password)
        refused = server.send_message(message)
    if refused:
        raise _Failed(f"邮件服务器不收 {'、'.join(refused)}")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signed report goes to the address that was named, or nowhere."""

    def redirect_request(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        return None


def _post(notice: Notice, webhook: Webhook) -> None:
    body = json.dumps({**notice.figures, "subject": notice.subject, "text": notice.text}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "duwang"}
    if webhook.secret_env:
        key = _secret(webhook.secret_env).encode()
        headers[SIGNATURE] = "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()
    request = urllib.request.Request(webhook.url, data=body, headers=headers, method="POST")
    opener = urllib.request.build_opener(_NoRedirect)
    with opener.open(request, timeout=table("scan")["notice_seconds"]):
        pass
