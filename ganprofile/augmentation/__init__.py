"""From a trained generator to a bigger labelled set, and whether a set is what it says.

Nothing is imported here: `verify` reads a set while the frameworks are imported, which others need.
"""
