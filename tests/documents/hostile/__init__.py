"""Hostile documents: made the same way each time, read in child processes whose time and memory are measured."""
