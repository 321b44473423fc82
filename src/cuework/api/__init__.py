"""The HTTP interface: it parses, authorises, calls one function, and returns. It decides nothing else."""
