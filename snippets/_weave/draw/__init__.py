"""Figures as SVG that follows the palette, and Python functions as JavaScript."""
