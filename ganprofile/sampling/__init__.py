"""Pictures from a generator, in the style of its writers or of another one."""
