"""Workflows as people keep them: drafts, versions, what they did, and why. It moves no execution."""
