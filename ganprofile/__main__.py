"""`python -m ganprofile` is the command `ganprofile`."""

from ganprofile.cli import main

main()
