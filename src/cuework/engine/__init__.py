"""The meaning of workflows: plan, match, conditions, advance, retry, schedule.

No I/O, no clock, no randomness, no SQL, no web: time, ids and everything read come in as arguments.
"""
