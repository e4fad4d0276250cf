"""The machinery that weaves pages from checked code; readers never see it.

A page passes through five small modules, in this order:

- `page` finds what a page names: code, figures, values, transcripts;
- `cache` knows whether those have been run already;
- `run` runs them, each lesson in a process of its own;
- `svg` turns a Matplotlib figure into markup that follows the palette;
- `markdown` puts the results in their places, and `hook` tells MkDocs.
"""
