"""What is published: the same bytes everywhere, addresses, files that run alone."""

import datetime
import functools
import gzip
import os
import platform
import posixpath
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from itertools import zip_longest
from pathlib import Path

import nbformat
import pytest
from _weave.read.page import Page
from _weave.read.site import Site
from _weave.run.depends import Sources
from _weave.site.bundle import alone
from conftest import ROOT, SNIPPETS
from fontTools.ttLib import TTFont
from mkdocs.config import load_config
from mkdocs.utils.yaml import yaml_load
from project import shorten

LABS = sorted((ROOT / "docs/labs").glob("*.py"))
SITE, REPOSITORY = "https://example.org/x/", "https://github.com/somebody/course"
CONFIGURED = {"SITE_URL": SITE, "REPO_URL": REPOSITORY}
WHOLE_SITE = bool(os.environ.get("WHOLE_SITE"))
SOURCES = Sources(SNIPPETS)
READ_WHOLE = {"index.md", "descent.md", "reference/glossary.md"}  # the others: the head
LAB = "xor_network"
CLONED = [lab for lab in LABS if WHOLE_SITE or lab.stem == LAB]
NO_PART = ".git", ".*cache", ".venv", "__pycache__", "node_modules"
# Sums in another order, and other machine code for functions: as an old processor has
# them. Where these names mean nothing, both clones round alike.
OLD = {
    "OPENBLAS_CORETYPE": "ARMV8" if platform.machine() != "x86_64" else "Nehalem",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL",
}
NAMED_BY_CONTENT = re.compile(rb"assets/[\w/]+-[0-9a-f]{8}\.\w+")
LEFT_BEHIND = shutil.ignore_patterns(*NO_PART)


def ran(*words, cwd, **environment):
    """What a command said; it must not fail."""
    kept = {k: v for k, v in os.environ.items() if k not in {*CONFIGURED, "GISCUS"}}
    done = subprocess.run(
        words,
        cwd=cwd,
        env=kept | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"with {environment}: {done.stdout}"
    return done.stdout


def tree(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def built(project, **environment):
    ran(sys.executable, "-m", "mkdocs", "build", "-q", cwd=project, **environment)
    return tree(project / "site")


def left_behind(folder, names):
    """What of a folder is no part of the project."""
    built = {"site"} if Path(folder) == ROOT else set()
    return LEFT_BEHIND(folder, names) | built


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The project in a repository of its own, as somebody committed it in March."""
    folder = tmp_path_factory.mktemp("project") / "course"
    shutil.copytree(ROOT, folder, ignore=left_behind)
    if not WHOLE_SITE:
        shorten(folder, READ_WHOLE)
    for lab in (folder / "docs/labs").glob("*.py"):
        if lab.stem not in {lab.stem for lab in CLONED}:
            lab.unlink()
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    date = {"GIT_COMMITTER_DATE": "2026-03-04T23:30:00-0900"}
    for words in "init -q", "add .", "commit -q -m one":
        git = ["git", *who, *words.split()]
        ran(*git, cwd=folder, GIT_CONFIG_GLOBAL=os.devnull, **date)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the clones are."""
    return tmp_path_factory.mktemp("clones")


@pytest.fixture(scope="module")
def clones(project, folder):
    """Two clones, built in two folders, on two days and processors, far apart."""
    places = {
        folder / "one": {
            "PYTHONHASHSEED": "1",
            "TZ": "Pacific/Kiritimati",
            "SOURCE_DATE_EPOCH": "1800000000",
        },
        folder / "a/longer/way": {
            "PYTHONHASHSEED": "2",
            "TZ": "Pacific/Pago_Pago",
            "SOURCE_DATE_EPOCH": "1900000000",
            **OLD,
        },
    }

    def build(place):
        ran("git", "clone", "-q", project, place, cwd=folder)
        return built(place, **CONFIGURED, **places[place])

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(build, places)
    assert str(folder).encode() not in b"".join(one.values())
    return one, other


@pytest.fixture(scope="module")
def configured(clones):
    """Every page of the site by its address there; all is configured."""
    return pages(clones[0])


@pytest.fixture(scope="module")
def plain(project, clones, folder):
    """The site where nothing is configured, with what a build kept where all was."""
    shutil.copytree(folder / "one/.cache", project / ".cache")
    return built(project)


def pages(site):
    """The HTML of each page, by its address below the site's."""
    return {
        name.removesuffix("index.html"): html.decode()
        for name, html in site.items()
        if name.endswith("index.html")
    }


def source(address):
    """The file of a page, below docs/."""
    name = address.rstrip("/") or "index"
    tries = f"{name}.md", f"{name}/index.md", f"{name}.py"
    return next(uri for uri in tries if (ROOT / "docs" / uri).exists())


def told(html, pattern):
    """The one thing on a page that the pattern finds."""
    [found] = re.findall(pattern, html)
    return unescape(found)


# The same bytes everywhere.


def differences(one, other):
    """Where pages of two sites differ, and what they name: file, line, both texts."""
    seen = set()

    def within(name, twin):
        if name in seen or name not in one or one[name] == other.get(twin):
            return
        seen.add(name)
        texts = one[name].split(b"\n"), other.get(twin, b"").split(b"\n")
        for line, pair in enumerate(zip_longest(*texts, fillvalue=b""), 1):
            for files in zip(*map(NAMED_BY_CONTENT.findall, pair), strict=False):
                yield from within(*(file.decode() for file in files))
            here, there = (NAMED_BY_CONTENT.sub(b"", text).decode() for text in pair)
            if here != there:
                at = max(0, len(posixpath.commonprefix([here, there])) - 60)
                said = f"{here[at : at + 120]!r}, and {there[at : at + 120]!r}"
                yield f"{name}:{line}: {said}"

    for name in one:
        if name.endswith(".html"):
            yield from within(name, name)


def test_two_clones_give_the_same_bytes(clones):
    """Lessons in short but for one, and one lab; in full where WHOLE_SITE is set."""
    one, other = clones
    found = "\n".join(differences(one, other))
    assert not found, f"not the same in each folder, time and processor:\n{found}"
    assert list(one) == list(other)
    assert [name for name in one if one[name] != other[name]] == []
    named = "sitemap.xml.gz", "search/search_index.json", "downloads/descent.py"
    assert {*named, f"labs/{LAB}.ipynb"} <= one.keys()
    assert one["descent/index.html"].count(b"<svg role") > 5
    assert one[f"labs/{LAB}/index.html"].count(b"<svg role") == 1


def test_a_difference_is_told_with_its_file_its_line_and_both_texts():
    one, other = "assets/images/a-01234567.svg", "assets/images/a-76543210.svg"
    page = f"<p>\n<img src='{{}}'>\nIt is {{}}.\n{'…' * 99}"
    here = {"a.html": page.format(one, 0.5).encode(), one: b"\n2"}
    there = {"a.html": page.format(other, 0.25).encode(), other: b"\n3"}
    told = [f"{one}:2: '2', and '3'", "a.html:3: 'It is 0.5.', and 'It is 0.25.'"]
    assert [*differences(here, there)] == told
    assert not [*differences(here, here)]


def test_no_file_knows_the_day_of_its_build(clones):
    for name, content in clones[0].items():
        assert b"2027-01-1" not in content, name
    sitemap = gzip.decompress(clones[0]["sitemap.xml.gz"])
    assert sitemap == clones[0]["sitemap.xml"]


# Where the addresses are known.


def test_every_page_knows_its_address(configured):
    assert len(configured) == len(Site(ROOT).pages()) + len(CLONED) > 29
    for address, html in configured.items():
        given = told(html, '<link rel="canonical" href="([^"]*)"')
        assert given == told(html, 'property="og:url" content="([^"]*)"')
        assert given == SITE + address


def test_every_page_says_what_it_is(configured):
    said = [
        (
            told(html, "<title>(.*?)</title>"),
            told(html, 'name="description" content="([^"]*)"'),
            told(html, 'property="og:title" content="([^"]*)"'),
        )
        for html in configured.values()
    ]
    for title, description, shared in said:
        assert title in (shared, f"{shared} - How models learn"), title
        assert 40 <= len(description) <= 200, f"{title}: {description}"
    titles, descriptions, _ = map(set, zip(*said, strict=True))
    assert len(titles) == len(descriptions) == len(said)
    for html in configured.values():
        shared = told(html, 'property="og:description" content="([^"]*)"')
        assert shared == told(html, 'name="description" content="([^"]*)"')


def test_every_page_leads_to_its_source_and_says_when_it_changed(configured):
    for address, html in configured.items():
        edited = told(html, r'<a href="([^"]*)"[^>]* rel="edit"')
        assert edited == f"{REPOSITORY}/edit/main/docs/{source(address)}"
        fact = told(html, r'(?s)md-source-file__fact">(.*?)</aside>')
        assert re.sub("<.*?>", "", fact).split() == ["2026-03-04"], address


def test_the_sitemap_lists_every_page_with_the_day_of_its_change(clones, configured):
    listed = re.findall(
        r"<loc>(.*?)</loc>\s*<lastmod>(.*?)</lastmod>",
        clones[0]["sitemap.xml"].decode(),
    )
    assert sorted(listed) == sorted((SITE + a, "2026-03-04") for a in configured)


def test_a_lab_opens_in_colab_from_the_branch_that_is_published(configured):
    begin = "https://colab.research.google.com/github/somebody/course/blob/gh-pages"
    for lab in CLONED:
        assert (
            f'href="{begin}/labs/{lab.stem}.ipynb"' in configured[f"labs/{lab.stem}/"]
        )
    assert "refs/heads/gh-pages" in script("deploy", "Publish")


def test_without_addresses_no_page_leads_to_a_wrong_one(plain):
    assert b"<loc>" not in plain["sitemap.xml"]
    for address, html in pages(plain).items():
        assert 'rel="canonical"' not in html, address
        assert "og:url" not in html
        assert 'rel="edit"' not in html
        assert "md-source-file__fact" not in html
        assert not re.search(r"127\.0\.0\.1|localhost|github\.com/somebody", html)


# What is downloaded.


@functools.cache
def figures(uri):
    """The figures of a page, as items."""
    site = Site(ROOT)
    source = site.source(uri)
    page = Page(source.path, source.body, SNIPPETS, source.first_line)
    return [item for item in page.items if item.form == "figure"]


def drawn_by(module, uris):
    """The figures of some pages that a module draws."""
    return [item for uri in uris for item in figures(uri) if item.module == module.stem]


@functools.cache
def every_page():
    return sorted(Site(ROOT).pages())


@functools.cache
def downloads():
    """The modules that lessons offer: their own, and those that draw for them."""
    stems = set()
    for uri in every_page():
        own = Path(uri).stem
        if (SNIPPETS / f"{own}.py").exists():
            stems |= {own, *(item.module for item in figures(uri))}
    return sorted(SNIPPETS / f"{stem}.py" for stem in stems)


OPTIONAL = "sympy", "scipy"

# Imports files one after the other; none sees what another brought along.
IMPORT = """\
import runpy, sys
import matplotlib.pyplot, numpy
for file in sys.argv[1:]:
    path = sys.path[:]
    named = open(file, encoding="utf-8").read().split("pip install ")[1].split("\\n")[0]
    missing = {name for name in ("sympy", "scipy") if name not in named.split()}
    sys.modules.update(dict.fromkeys(missing))
    try:
        runpy.run_path(file)
    except BaseException as error:
        sys.exit(f"{file}: {error!r}")
    ours = {name for name in sys.modules if name.split(".")[0] in LOCAL}
    for name in missing | ours:
        del sys.modules[name]
    sys.path[:] = path
"""


def isolated(*words, cwd):
    """What Python says in a folder, with no way to the project's modules."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, "-I", *words],
        cwd=cwd,
        env=environment | {"OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{words[-1]}: {done.stderr}"
    return done.stdout


def without(missing):
    """Code after which these packages cannot be imported."""
    return f"import sys\nsys.modules.update(dict.fromkeys({missing!r}))\n"


def some():
    """The downloads that a test draws; all of them where WHOLE_SITE is set.

    Else those that read files, and among them one whose figures take arguments.
    """
    names = {file.name for file in SNIPPETS.iterdir() if file.suffix}
    reads = lambda module: any(
        f'"{name}"' in module.read_text("utf-8") for name in names
    )
    asks = lambda module: any(item.given for item in drawn_by(module, every_page()))
    chosen = downloads() if WHOLE_SITE else [*filter(reads, downloads())]
    assert any(map(asks, chosen)), "choose one more, whose figures take arguments"
    return chosen


def test_every_download_is_imported_alone_with_the_packages_it_names(tmp_path):
    for module in downloads():
        (tmp_path / module.name).write_text(alone(module, SOURCES), "utf-8")
    local = f"LOCAL = {[file.stem for file in SNIPPETS.iterdir()]!r}\n"
    names = [module.name for module in downloads()]
    isolated("-c", local + IMPORT, *names, cwd=tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == names


def test_a_download_draws_its_figures_where_it_is_run(tmp_path):
    def drawn(module):
        folder = tmp_path / module.stem
        folder.mkdir()
        text = alone(module, SOURCES, drawn_by(module, every_page()))
        (folder / module.name).write_text(text, "utf-8")
        isolated(module.name, cwd=folder)
        return {f"{module.stem}-{file.stem}" for file in folder.glob("*.svg")}

    modules = some()
    with ThreadPoolExecutor(2) as pool:
        for module, found in zip(modules, pool.map(drawn, modules), strict=True):
            named = {item.slug() for item in drawn_by(module, every_page())}
            assert found == named, module.name


def test_every_download_ends_with_the_code_as_it_stands():
    assert downloads()
    for module in downloads():
        text = alone(module, SOURCES, drawn_by(module, every_page()))
        line = int(re.search(r"its own code begins in line (\d+)", text)[1])
        lesson = module.read_text("utf-8").rstrip()
        own = "\n".join(text.split("\n")[line - 1 :])
        assert own.startswith(lesson), module.name


def test_a_lesson_names_what_draws_each_of_its_figures(clones, configured):
    html = configured["descent/"]
    line = told(html, r'weave-source"[^>]*>(.*?)</div>')
    assert re.sub("<.*?>", "", line).startswith("The code of this page, as ")
    offered = re.findall(r'<a href="\.\./(downloads/\w+\.py)" download>', line)
    stems = {"descent", *(item.module for item in figures("descent.md"))}
    assert set(offered) == {f"downloads/{stem}.py" for stem in stems}
    whole = every_page() if WHOLE_SITE else sorted(READ_WHOLE)
    for name in offered:
        module = SNIPPETS / name.removeprefix("downloads/")
        assert clones[0][name].decode() == alone(
            module, SOURCES, drawn_by(module, whole)
        )
    for stem, what in re.findall(r'"#figure-([a-z]+)-(\w+)"><code>figure_\2<', line):
        assert f"def figure_{what}(" in (SNIPPETS / f"{stem}.py").read_text("utf-8")
    drawn = set(re.findall(r'<figure class="drawn" id="(figure-[^"]*[^\d"])"', html))
    assert drawn == set(re.findall('href="#([^"]*)"', line))


def test_what_is_no_lesson_offers_no_code(configured):
    for address, html in configured.items():
        stem = address.rstrip("/").rpartition("/")[2]
        lesson = (SNIPPETS / f"{stem}.py").exists()
        assert ("weave-source" in html) == lesson, address


# Notebooks.


@pytest.fixture(scope="module")
def notebooks(site_folder):
    """The notebooks as they are published."""
    return {
        lab.stem: nbformat.read(site_folder / f"labs/{lab.stem}.ipynb", as_version=4)
        for lab in LABS
    }


def page_of(lab, site):
    """The page of a lab, by its stem."""
    return (site / f"labs/{lab}/index.html").read_text("utf-8")


def test_every_notebook_is_valid(notebooks):
    for notebook in notebooks.values():
        nbformat.validate(notebook)


def test_a_notebook_links_to_published_pages(clones, configured):
    for lab in CLONED:
        read = nbformat.reads(clones[0][f"labs/{lab.stem}.ipynb"], as_version=4)
        nbformat.validate(read)
        cells = [c.source for c in read.cells if c.cell_type == "markdown"]
        text = "".join(cells)
        assert "](../" not in text
        linked = re.findall(r"\]\((.*?)\)", text)
        assert {link.removeprefix(SITE) for link in linked} <= configured.keys()
        assert linked


def test_every_notebook_runs_alone_and_says_what_its_page_says(
    notebooks, site_folder, tmp_path
):
    """With NumPy and Matplotlib, as the page says, and nothing else of ours."""

    def runs(lab):
        cells = [c.source for c in notebooks[lab].cells if c.cell_type == "code"]
        others = [*OPTIONAL, "_weave", "mkdocs", "IPython", "jupytext"]
        folder = tmp_path / lab
        folder.mkdir()
        text = "\n\n".join([without(others), *cells])
        (folder / f"{lab}.py").write_text(text, "utf-8")
        said = isolated(f"{lab}.py", cwd=folder)
        assert [file.name for file in folder.iterdir()] == [f"{lab}.py"]
        return said

    with ThreadPoolExecutor(2) as pool:
        for lab, said in zip(notebooks, pool.map(runs, notebooks), strict=True):
            html = page_of(lab, site_folder)
            shown = re.findall(r"<samp>(.*?)</samp>", html, re.DOTALL)
            assert unescape("\n".join(shown)).split() == said.split()
            assert "needs NumPy and Matplotlib" in html


def test_a_lab_adds_no_style_and_no_script_to_its_page(site_folder):
    """Beside its text it brings its own lines of the contents, and no more."""
    frame = lambda html: len(re.sub("(?s)<article.*</article>", "", html))
    scripts = lambda html: re.findall(r"<script[^>]* src=", html)
    other = (site_folder / "labs/index.html").read_text("utf-8")
    for lab in LABS:
        html = page_of(lab.stem, site_folder)
        assert "<style" not in html
        for_code = "<weave-run" in html  # whose script loads the rest when asked
        waits = "data-from=" in html  # a drawing, until the reader is near
        assert len(scripts(html)) == len(scripts(other)) + for_code + waits
        assert frame(html) < frame(other) + 6_000
        article = re.search("(?s)<article.*</article>", html)[0]
        drawn_or_carried = "(?s)<svg role.*?</svg>|<weave-python.*?</weave-python>"
        words = re.sub(drawn_or_carried, "", article)
        assert len(words) < 6 * len(lab.read_bytes())


# Licences.


def test_the_site_has_the_licences_of_what_others_made(clones):
    """Each is named by the published style sheet that uses what it covers."""
    site = clones[0]
    css = b"".join(text for name, text in site.items() if name.endswith(".css"))
    named = sorted(set(re.findall(r"\S*-(?:OFL|LICENSE)\.txt", css.decode())))
    code, text, style = [site[posixpath.normpath(f"assets/css/{n}")] for n in named]
    assert b"SIL OPEN FONT LICENSE" in text
    assert b"SIL OPEN FONT LICENSE" in code
    assert b"The MIT License" in style


def test_each_font_names_its_licence():
    pytest.importorskip("brotli", reason="woff2 is packed with brotli")
    files = sorted((ROOT / "docs/assets/fonts").glob("*.woff2"))
    assert len(files) == 8
    for file in files:
        with TTFont(file) as font:
            names = {record.nameID: str(record) for record in font["name"].names}
        assert "SIL Open Font License, Version 1.1" in names[13]
        assert names[14].endswith("scripts.sil.org/OFL")


# The way there.


def workflow(name="publish"):
    text = (ROOT / f".github/workflows/{name}.yml").read_text("utf-8")
    return text, yaml_load(text)


def steps(job):
    return workflow()[1]["jobs"][job]["steps"]


def script(job, name):
    """The shell script of a step."""
    [found] = [step["run"] for step in steps(job) if step.get("name") == name]
    return found


on_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="the workflow's jobs that publish run on Linux"
)


def shell(text, cwd, **environment):
    """Run a script as GitHub does; returns the finished process."""
    return subprocess.run(
        ["bash", "-e", "-c", text],
        cwd=cwd,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def test_the_workflow_tests_on_every_python_with_the_command_of_the_readme():
    _, settings = workflow()
    tests = settings["jobs"]["test"]
    assert tests["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"\n    {tests['steps'][-1]['run']}\n" in readme
    assert "matrix.python == '3.13' && '1'" in tests["env"]["WHOLE_SITE"]


@pytest.mark.parametrize("name", ["publish", "weekly"])
def test_every_job_ends_and_every_workflow_can_be_started_by_hand(name):
    _, settings = workflow(name)
    assert "workflow_dispatch" in settings[True]  # YAML 1.1 reads `on` so
    for job, given in settings["jobs"].items():
        assert 0 < given["timeout-minutes"] < 360, job


def test_nothing_is_published_that_was_not_tested():
    _, settings = workflow()
    checks = [name for name in settings["jobs"] if name not in ("deploy", "release")]
    assert {"test", "build"} <= set(checks)
    for job in "deploy", "release":
        assert settings["jobs"][job]["needs"] == checks
    allowed = {name: job.get("permissions") for name, job in settings["jobs"].items()}
    write = {"contents": "write"}
    assert settings["permissions"] == {"contents": "read"}
    assert allowed == dict.fromkeys(checks) | {"deploy": write, "release": write}


def test_what_is_deployed_is_what_was_tested():
    """Built once with its addresses, tested as it is, handed on as it is."""
    runs = [step.get("run", step.get("uses", "")) for step in steps("build")]
    at = lambda part: next(i for i, run in enumerate(runs) if part in run)
    [tested] = [step for step in steps("build") if "pytest" in step.get("run", "")]
    assert tested["run"].endswith("tests/test_site.py tests/browser")
    folder = tested["env"]["SITE"]
    assert at(f"--site-dir {folder}") < at("tests/test_site.py")
    assert at("tests/test_site.py") + 1 == at("upload-artifact") == len(runs) - 1
    up = steps("build")[-1]["with"]
    assert {folder, f"{folder.split('/')[0]}/how-models-learn.zip"} == {
        *up["path"].split()
    }
    for job in "deploy", "release":
        [down] = [
            step["with"] for step in steps(job) if "download" in step.get("uses", "")
        ]
        assert down == {"name": up["name"], "path": "out"}
        said = "\n".join(step.get("run", "") for step in steps(job))
        assert not re.search(r"mkdocs|pip|npm", said)


@on_linux
@pytest.mark.parametrize(
    ("repository", "variable", "address"),
    [
        ("ada/models", "", "https://ada.github.io/models/"),
        ("Ada-L/How-Models", "", "https://ada-l.github.io/How-Models/"),
        ("Ada/ada.github.io", "", "https://ada.github.io/"),
        ("ada/models", "https://models.example.org/", "https://models.example.org/"),
    ],
)
def test_the_address_is_that_of_the_repository(repository, variable, address, tmp_path):
    given = {"GITHUB_REPOSITORY": repository, "ADDRESS": variable}
    given |= {"GITHUB_ENV": str(tmp_path / "env")}
    done = shell(script("build", "The site's address"), tmp_path, **given)
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "env").read_text("utf-8") == f"SITE_URL={address}\n"


@on_linux
@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://models.example.org/", "models.example.org\n"),
        ("https://models.example.org", "models.example.org\n"),
        ("https://example.org/models/", None),  # the domain is another repository's
        ("https://ada.github.io/models/", None),
        ("https://ada.github.io/", None),
    ],
)
def test_a_domain_of_ones_own_survives(address, domain, tmp_path):
    for folder in "site", "how-models-learn":
        (tmp_path / "out" / folder).mkdir(parents=True)
    shutil.copy(ROOT / "LICENSE", tmp_path)
    told = script("build", "What comes with the pages")
    done = shell(told, tmp_path, SITE_URL=address)
    assert done.returncode == 0, done.stdout
    site, alone = tree(tmp_path / "out/site"), tree(tmp_path / "out/how-models-learn")
    assert site.get("CNAME", b"").decode() == (domain or "")
    licence = (ROOT / "LICENSE").read_bytes()
    assert site["LICENSE.txt"] == alone["LICENSE.txt"] == licence
    assert ".nojekyll" in site
    assert "Open index.html" in alone["README.txt"].decode()


@pytest.fixture
def remote(tmp_path):
    """A repository on a server with two commits, and what deploys one of them."""
    origin, clone = tmp_path / "origin.git", tmp_path / "clone"
    git = functools.partial(ran, "git", cwd=tmp_path, GIT_CONFIG_GLOBAL=os.devnull)
    git("init", "-q", "--bare", "-b", "main", origin)
    git("clone", "-q", origin, clone)
    git = functools.partial(
        git, "-c", "user.name=a", "-c", "user.email=a@b", "-C", clone
    )
    git("switch", "-q", "-c", "main")
    for name in "older", "newer":
        git("commit", "-q", "--allow-empty", "-m", name)
    git("push", "-q", "origin", "main")
    (clone / "out/site").mkdir(parents=True)

    def deploy(commit):
        """Deploy a site of one page that names the commit; what is out then."""
        sha = git("rev-parse", commit).strip()
        (clone / "out/site/index.html").write_text(f"built from {commit}", "utf-8")
        (clone / "out/site/.nojekyll").touch()
        told = {"GITHUB_SHA": sha, "RUNNER_TEMP": str(tmp_path)}
        told |= {"GIT_CONFIG_GLOBAL": os.devnull}
        done = shell(script("deploy", "Publish"), clone, **told)
        assert done.returncode == 0, done.stdout
        return git("--git-dir", origin, "show", "gh-pages:index.html")

    deploy.git = functools.partial(git, "--git-dir", origin)
    return deploy


@on_linux
def test_an_older_commit_is_never_deployed_over_a_newer_one(remote):
    assert remote("main^") == "built from main^"
    assert remote("main") == "built from main"
    assert remote("main^") == "built from main"


@on_linux
def test_a_deployment_replaces_the_branch_by_what_was_built(remote):
    remote("main")
    assert remote("HEAD") == "built from HEAD"  # again: a variable has changed, say
    files = remote.git("ls-tree", "-r", "--name-only", "gh-pages").split()
    assert files == [".nojekyll", "index.html"]
    parent = remote.git("rev-parse", "gh-pages^")
    assert parent == remote.git("rev-parse", "main")


@on_linux
def test_a_branch_that_something_else_has_written_is_replaced_too(remote):
    alone = remote.git("commit-tree", "-m", "by hand", "main^{tree}").strip()
    remote.git("update-ref", "refs/heads/gh-pages", alone)
    assert remote("main") == "built from main"


@pytest.mark.parametrize("name", ["publish", "weekly"])
def test_every_action_is_pinned_to_a_commit(name):
    text, _ = workflow(name)
    used = re.findall(r"uses: (.*)", text)
    pinned = r"actions/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+"
    assert used
    assert all(re.fullmatch(pinned, name) for name in used)


def test_actions_pins_and_tools_are_kept_young():
    text = (ROOT / ".github/dependabot.yml").read_text("utf-8")
    found = {
        update["package-ecosystem"]: update["directory"]
        for update in yaml_load(text)["updates"]
    }
    assert found == {"uv": "/", "github-actions": "/", "npm": "/.github/tools"}


def test_the_settings_understand_what_the_workflow_sets(monkeypatch):
    [offline] = [step for step in steps("build") if "OFFLINE" in step.get("env", {})]
    for name, value in offline["env"].items():
        monkeypatch.setenv(name, value)
    config = load_config(str(ROOT / "mkdocs.yml"))
    assert config.plugins["material/offline"].config.enabled is True
    assert not config.extra["giscus"]


def test_the_citation_is_complete():
    """A weekly job compares it with the schema."""
    citation = yaml_load((ROOT / "CITATION.cff").read_text("utf-8"))
    known = {"cff-version", "title", "message", "type", "abstract", "authors"}
    known |= {"keywords", "license", "version", "date-released"}
    assert known <= citation.keys() <= known | {"url", "repository-code"}
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] in {"software", "dataset"}
    assert all(author.keys() == {"name"} for author in citation["authors"])
    assert isinstance(citation["version"], str)
    assert isinstance(citation["date-released"], datetime.date)
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert f"site_name: {citation['title']}\n" in settings
    assert citation["license"] in (ROOT / "LICENSE").read_text("utf-8")


@on_linux
def test_a_release_has_the_version_of_the_citation():
    citation = yaml_load((ROOT / "CITATION.cff").read_text("utf-8"))
    told = script("release", "The citation names this release")
    for tag, code in ("v{}", 0), ("{}", 0), ("v{}.1", 1):
        given = tag.format(citation["version"])
        assert shell(told, ROOT, TAG=given).returncode == code, given


def test_the_weekly_jobs_use_the_same_actions_and_run_what_is_there():
    text, settings = workflow("weekly")
    actions = re.compile(r"uses: (\S+@[0-9a-f]{40})  # v")
    assert {*actions.findall(text)} <= {*actions.findall(workflow()[0])}
    assert len(actions.findall(text)) == text.count("uses:")
    for path in re.findall(r"tests/[\w/]+\.py", text):
        assert (ROOT / path).exists(), path
    assert settings["permissions"] == {"contents": "read"}
    runs = [
        step.get("run", "")
        for job in settings["jobs"].values()
        for step in job["steps"]
    ]
    assert {"python tests/mutate.py", "python tests/record_torch.py"} <= {*runs}


def test_once_a_week_all_pins_are_renewed_and_tried():
    """As the heads of the lists say, with the tests as the README starts them."""
    _, settings = workflow("weekly")
    job = settings["jobs"]["renewed"]
    assert job["continue-on-error"] is True
    assert job["env"]["WHOLE_SITE"]
    assert job["steps"][-1]["run"] == steps("test")[-1]["run"]
    [renew] = [
        step["run"] for step in job["steps"] if step.get("name") == "Renew the pins"
    ]
    [lists] = re.findall("for list in (.*);", renew)
    [extract] = re.findall(r"""sed -n 's/(\S+)   //p'""", renew)
    for name in lists.split():
        text = (ROOT / name).read_text("utf-8")
        [line] = re.findall(f"(?m){extract}   (.*)", text)
        assert line.endswith(f".txt {name}")
