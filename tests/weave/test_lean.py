"""The theme's style sheets without what no page can use."""

from _weave.site import lean


def test_what_a_page_or_a_script_can_have_stays(tmp_path):
    sheets, scripts = tmp_path / "assets/stylesheets", tmp_path / "assets/javascripts"
    sheets.mkdir(parents=True)
    scripts.mkdir()
    (scripts / "bundle.js").write_text('open("md-late")')
    (tmp_path / "index.html").write_text('<p dir="ltr" class="here no-js">')
    rules = {
        ".here{a:b}": True,
        ".md-late,.gone{a:b}": ".md-late{a:b}",
        ".here:not(.gone)>b{a:b}": True,
        ".here:not(.gone),.gone{a:b}": ".here:not(.gone){a:b}",
        ":is(.gone,.here){a:b}": True,
        "@namespace a;": True,
        ".here>c{a:b}": True,
        ".gone\\:b{a:b}": True,
        ".here.gone{a:b}": False,
        "/* a; b */": False,
        "[dir=ltr] .here{a:b}": True,
        "[dir=rtl] .here{a:b}": False,
        "@media print{.gone{a:b}}": False,
        "@media print{.here{a:b}.gone{a:b}}": "@media print{.here{a:b}}",
        "@font-face{a:b}": True,
        '.here::before{content:"} .gone{"}': True,
        # For these a browser would look at each element again.
        "[data-md-color-switching] *{a:b}": False,
        "table:not([class])+*,.here h2+h3,.here h2{a:b}": ".here h2{a:b}",
    }
    (sheets / "main.css").write_text("".join(rules))
    lean.trim(tmp_path)
    kept = [rule if how is True else how or "" for rule, how in rules.items()]
    assert (sheets / "main.css").read_text() == "".join(kept)


def test_an_icon_stays_where_something_shows_it(tmp_path):
    sheets = tmp_path / "assets/stylesheets"
    sheets.mkdir(parents=True)
    (tmp_path / "index.html").write_text('<p class="here">')
    icons = ':root{--md-one:url("data:1");--md-other:url("data:2")}'
    shown = ".here{mask:var(--md-one)}.gone{mask:var(--md-other)}"
    (sheets / "main.css").write_text(icons + shown)
    lean.trim(tmp_path)
    assert (sheets / "main.css").read_text() == (
        ':root{--md-one:url("data:1");}.here{mask:var(--md-one)}'
    )


def test_a_variable_goes_with_the_last_that_asks_for_it(tmp_path):
    sheets = tmp_path / "assets/stylesheets"
    sheets.mkdir(parents=True)
    (tmp_path / "index.html").write_text('<p class="here">')
    (sheets / "main.css").write_text(
        ":root{--md-a:1px;--md-b:var(--md-a);--md-c:2px}"
        ".here{margin:var(--md-c)}.gone{margin:var(--md-b)}"
    )
    lean.trim(tmp_path)
    assert (sheets / "main.css").read_text() == (
        ":root{--md-c:2px}.here{margin:var(--md-c)}"
    )


def test_what_is_made_only_when_asked_for_stays_with_a_page_that_asks(tmp_path):
    sheets, scripts = tmp_path / "assets/stylesheets", tmp_path / "assets/javascripts"
    sheets.mkdir(parents=True)
    scripts.mkdir()
    (scripts / "bundle.js").write_text('open("tabbed-labels", "md-version__list")')
    (tmp_path / "index.html").write_text('<p class="tabbed-set">')
    (sheets / "main.css").write_text(".tabbed-labels{a:b}.md-version__list{a:b}")
    lean.trim(tmp_path)
    assert (sheets / "main.css").read_text() == ".tabbed-labels{a:b}"
