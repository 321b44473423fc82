"""The records of a tenant, its people and its set-up, and the one write path to them."""
