"""Files that are whole or not there, arrays on disk, and what wrote them."""
