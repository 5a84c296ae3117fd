"""Hugging Face's Hub: what a name there is, and how it comes onto this machine."""
