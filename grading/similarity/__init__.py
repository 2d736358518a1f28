"""Which answers of a class have code in common: tokens, fingerprints, pairs."""
