"""The machinery that weaves pages from checked code; readers never see it.

The way of a page, a room at a time; data goes down this list and never back up:

1. `model` says what the rooms hand on: faults, items, and what a run gives.
2. `forms` is what an author can write, one file for each form: how it looks, what it
   needs, how it is run. `read` takes a page apart by them and keeps every position.
3. `run` runs the items outside the build, a process for each page, within limits;
   what has been run before comes from its cache, under a key of all it depends on.
4. `draw` makes of a figure an SVG that follows the palette, and of plain Python
   functions the JavaScript of the figures that a reader can move.
5. `markdown` puts results into the page while Python-Markdown converts it: figures,
   formulas, questions, explorables, the bank, terms; one context for each page.
6. `site` is all that MkDocs sees: when runs start, where faults are said, the
   security policy, labs, downloads, dates, comments. `theme` has its templates.

Beside them, `memory` hands what takes long to work out from one build to the next.
"""
