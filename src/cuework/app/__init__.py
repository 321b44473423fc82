"""Composes all parts into processes: one that serves, and its workers. The only room that knows all the others."""
