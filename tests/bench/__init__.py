"""Figures of mockgitlab, as ratios measured in one run: ``python -m tests.bench``."""
