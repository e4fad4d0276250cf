"""The colours of the course by their roles, in the light scheme and in the dark.

Figures are drawn with those of `LIGHT`; in the markup each is a CSS variable with the
name of its role, as `--fig-ink`. The pages have the same colours, and those that only
`PAGE_LIGHT` names, as `--page-link`. The build writes all of them into one style sheet,
and no other names a colour.
"""

LIGHT = {
    "ink": "#1c2430",  # text and axes
    "soft": "#5b6675",  # second text, guide lines, frames
    "faint": "#d5dae1",  # grid, contour lines, rules of tables
    "paper": "#ffffff",  # the page
    "curve": "#2b59c3",  # the loss
    "path": "#b4430f",  # gradient descent and its iterates
    "second": "#0b7261",  # Newton's method, or the second thing compared
    "third": "#5b1a86",  # the third
    "fourth": "#4f3b00",  # the fourth
    "optimum": "#0f7a32",  # the best point
    "alarm": "#9c0a14",  # divergence, errors, forbidden regions
    "level0": "#f2f6fd",  # code and boxes; filled contours, from low to high
    "level1": "#dde8fa",
    "level2": "#c3d6f5",
    "level3": "#a4bfee",
    "level4": "#82a5e4",
    "level5": "#5f89d8",
}

DARK = {
    "ink": "#e4e8ee",
    "soft": "#a3adba",
    "faint": "#3d4654",
    "paper": "#1a1e26",
    "curve": "#86aaff",
    "path": "#ff9d66",
    "second": "#4cc9b0",
    "third": "#e8c8ff",
    "fourth": "#f7e492",
    "optimum": "#6ddc8b",
    "alarm": "#f2607a",
    "level0": "#232834",
    "level1": "#273046",
    "level2": "#2c3a5b",
    "level3": "#334772",
    "level4": "#3b558c",
    "level5": "#4466a9",
}

PAGE_LIGHT = {
    "link": "#2249a5",  # links, buttons that stand out, keywords in code
    "line": "#8b95a3",  # frames of options and of what can be opened
    "bar": "#1f3a7d",  # the header
    "bar-deep": "#16295a",  # the footer
    "bar-ink": "#ffffff",  # text on both
    "bar-soft": "#c6ccd6",  # second text on both
}

PAGE_DARK = {
    "link": "#9dbaff",
    "line": "#7d8898",
    "bar": "#182440",
    "bar-deep": "#101828",
    "bar-ink": "#e4e8ee",
    "bar-soft": "#b9c4d6",
}
