"""For who writes: make notebooks and data sets, train what they show, prove that all is well."""
