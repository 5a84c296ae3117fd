"""Images warped: how far a character stays readable, and as images of its class differ."""
