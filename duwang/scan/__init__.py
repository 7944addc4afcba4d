"""The monthly scan: every site of a list, round after round, in one folder."""
