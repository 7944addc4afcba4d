"""Our crawl of one site, with links, facts, columns, archive and index, as a person starts it.

``python -m benchmarks.ours '{"home": …, "folder": …, "pages": …, "since": …}'`` prints ``{"pages": …, "refused": …}``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from crawler.evidence import Site
from crawler.site import crawl_site


def main() -> int:
    job: dict[str, Any] = json.loads(sys.argv[1])
    site = Site("benchmark", "云泽市发展和改革局", job["home"])
    since = Path(job["since"]) if job["since"] else None
    capture = crawl_site(site, Path(job["folder"]), max_pages=job["pages"], delay=0.0, since=since)
    sys.stdout.write(json.dumps({"pages": capture.counts["read"], "refused": capture.refused}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
