"""What leaves the process: credentials, the outbound guard, and one file per way out (email, HTTP).

A channel delivers one rendered request under one key and answers with a value. It must not know the
database, workflows or executions, and no credential leaves it.
"""
