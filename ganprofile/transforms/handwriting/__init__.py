"""Images deformed as those of their class differ, for a framework of any kind or none."""
