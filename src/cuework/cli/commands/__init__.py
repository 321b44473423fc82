"""The commands, one file each: `cuework verify` is verify.py, and `register(app)` in it adds it.

Only the one that is called is loaded. Must hold no behaviour that a program could want: that is in the rooms below.
"""
