"""Worker loops: take inputs, run a pass, commit; deliver effects. They own no rules: the engine decides."""
