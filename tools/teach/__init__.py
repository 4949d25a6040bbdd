"""For who teaches: what students are given, and what they hand in, graded."""
