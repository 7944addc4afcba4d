"""The crawl of one site: frontier, manners, spider; runs in a child process."""
