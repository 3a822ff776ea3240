"""Measurements, as ratios within one run: ``python -m bench.build``, ``python -m bench.store``."""
