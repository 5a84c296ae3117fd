"""How alike two images are in pixels, and which of many are most alike: NumPy and faiss alone."""
