"""Tests; a package, so that no other one of this name in the environment is taken for it."""
