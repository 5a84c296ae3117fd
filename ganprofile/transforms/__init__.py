"""Images bent: what keeps a character readable, how strongly, and as images of its class differ."""
