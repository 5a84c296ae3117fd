"""The two players: the model, its losses, its train step, its input, its drawing."""
