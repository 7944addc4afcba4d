"""Writing files whole or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path

from reports.errors import ReportError, system_reason


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` so that a reader sees the old file or the new one, never a part.

    Missing folders are made. Raises ReportError where the place cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".duwang-", dir=path.parent) as folder:
            # A plain file in a private folder gets the user's usual permissions, unlike mkstemp's 0600.
            draft = Path(folder) / "draft"
            draft.write_bytes(data)
            draft.replace(path)
    except OSError as error:
        raise ReportError(f"无法写入 {path}：{system_reason(error)}。请换一个可写的位置。") from error
