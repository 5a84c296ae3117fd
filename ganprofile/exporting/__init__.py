"""Generators and readers on their way out of Keras; what runs them is in `runtimes/`."""
