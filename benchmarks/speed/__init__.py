"""How fast ganprofile is beside what a user would pick instead: `python -m benchmarks.speed`."""
