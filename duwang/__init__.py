"""The front door: command line, settings, jobs."""

__version__ = "0.1.0"
