"""Errors of this package that a user can act on."""

from __future__ import annotations

import errno

_REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EROFS: "磁盘只读",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENAMETOOLONG: "文件名过长",
}


class ReportError(Exception):
    """A saved inspection or a report file could not be used. ``str(error)`` is one Chinese line."""


def system_reason(error: OSError) -> str:
    """Why the system refused a file, in Chinese."""
    if isinstance(error, FileNotFoundError):
        return "文件不存在"
    if isinstance(error, PermissionError):
        return "没有权限"
    if isinstance(error, IsADirectoryError):
        return "这是一个文件夹"
    if error.errno in _REASONS:
        return _REASONS[error.errno]
    return error.strerror or type(error).__name__
