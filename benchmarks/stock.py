"""Scrapy's stock CrawlSpider as a newcomer writes it: it follows every link of the site and does nothing else.

``python -m benchmarks.stock http://127.0.0.1:8000/`` prints ``{"pages": …}``. Only what would disturb the measurement
is changed: 16 requests at a time to the one host, no log, nothing that listens.
"""

from __future__ import annotations

import json
import sys
from urllib.parse import urlsplit

from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule

SETTINGS = {
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "DOWNLOAD_DELAY": 0,
    "ROBOTSTXT_OBEY": False,
    "LOG_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
}


class Stock(CrawlSpider):
    name = "stock"
    rules = (Rule(LinkExtractor(), follow=True),)


def main() -> int:
    home = sys.argv[1]
    process = CrawlerProcess(SETTINGS)
    crawler = process.create_crawler(Stock)
    process.crawl(crawler, start_urls=[home], allowed_domains=[urlsplit(home).hostname])
    process.start()
    stats = crawler.stats
    pages = stats.get_value("downloader/response_status_count/200", 0) if stats else 0
    sys.stdout.write(json.dumps({"pages": pages}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
