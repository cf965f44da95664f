"""Notebooks, and the runner that executes them."""
