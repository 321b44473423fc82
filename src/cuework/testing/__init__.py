"""The test kit that is shipped, so that authors of nodes can test theirs: clocks, stores, databases."""
