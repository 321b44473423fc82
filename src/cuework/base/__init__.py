"""Ids, time, errors, JSON and settings: the words every other room uses."""
