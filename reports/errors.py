"""Errors of this package that a user can act on."""

from __future__ import annotations


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
    return error.strerror or type(error).__name__
