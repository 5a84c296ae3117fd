"""The paired experiment: does a way to get more training images help a classifier?"""
