"""``python -m duwang``: the same as the command ``duwang``."""

from duwang.cli import main

main()
