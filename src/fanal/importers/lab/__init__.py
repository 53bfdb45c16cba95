"""Results of laboratories."""
