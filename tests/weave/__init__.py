"""Tests of the machinery, by room; a package, so that names may repeat."""
