"""Scorers and readers of benchmarks."""
