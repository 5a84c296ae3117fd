"""Trained models that the package carries."""
