"""From paper to images of single characters."""
