"""For who writes: make notebooks and data sets, prove that all is well."""
