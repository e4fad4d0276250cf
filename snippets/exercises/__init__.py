"""Mistakes in the exercises of each lesson, in a module with the page's stem.

The docstring of each is what a reader is told whose function gives the same.
"""
