"""Formulas become MathML when the page is built, or the page does not build."""

import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import markdown
import playwright
import pytest
from _weave.markdown import maths
from _weave.markdown.maths import MathError, MathExtension, Memory, plain, to_mathml
from conftest import ROOT, SNIPPETS
from fontTools.ttLib import TTFont, woff2

CSS = (ROOT / "docs/assets/css/maths.css").read_text("utf-8")
SITE_CSS = (ROOT / "docs/assets/css/site.css").read_text("utf-8")

# What the course writes, in its own notation.
COURSE = [
    r"\theta^\star\in\arg\min_\theta L(\theta)",
    r"L(\theta)=\frac1n\sum_{i=1}^{n}\ell(y_i,\hat y_i(\theta))",
    r"\mathrm{MSE}=\frac{1}{n}\sum_{i=1}^{n}\left(y_i-\hat{y}_i\right)^2",
    r"\frac{1}{2n}\sum_{i=1}^{n}(wx_i+b-y_i)^2",
    r"\ell_{\mathrm{CE}}=-y\ln p-(1-y)\ln(1-p)",
    r"-\frac1n\sum_i\left[y_i\log\hat p_i+(1-y_i)\log(1-\hat p_i)\right]",
    r"H(p,q)=-\sum_{k=1}^{K}p_k\log q_k",
    r"p=\sigma(z)=\frac{1}{1+e^{-z}}",
    r"\sigma'(z)=\sigma(z)\bigl(1-\sigma(z)\bigr)",
    r"\frac{\partial\ell}{\partial z}=p-y",
    r"\mathrm{softplus}(z)-yz",
    r"\ell_\delta(r)=\begin{cases}\tfrac12r^2&\text{if }|r|\le\delta\\"
    r"\delta\left(|r|-\tfrac12\delta\right)&\text{otherwise}\end{cases}",
    r"\theta_{\text{next}}=\theta-\eta\,\nabla L(\theta)",
    r"\theta:=\theta-\alpha\nabla J(\theta)",
    r"f(x-\eta f')\approx f-\eta f'^2",
    r"x_k=(1-2\eta)^k x_0",
    r"x^\star=W(1)\approx0.567",
    r"f'(x)=\lim_{h\to0}\frac{f(x+h)-f(x-h)}{2h}+O(h^2)",
    r"|1-\eta\lambda|<1\iff 0<\eta<\frac{2}{\lambda}",
    r"\eta_{\text{best}}=\frac{2}{\lambda_{\min}+\lambda_{\max}}",
    r"f(x-tg)\le f(x)-c\,t\,\|g\|^2",
    r"\eta=\frac{f-f^\star}{\lVert g\rVert_2^2}",
    r"\nabla f=\left(\frac{\partial f}{\partial x},\frac{\partial f}{\partial y}\right)"
    r"^{\!\top}",
    r"H=\begin{pmatrix}\frac{\partial^2f}{\partial x^2}&"
    r"\frac{\partial^2f}{\partial x\,\partial y}\\"
    r"\frac{\partial^2f}{\partial y\,\partial x}&"
    r"\frac{\partial^2f}{\partial y^2}\end{pmatrix}",
    r"\nabla^2 f(x)\succ0",
    r"H\succeq0,\quad A\preceq B,\quad B\prec C",
    r"x_{k+1}=x_k-\frac{f'(x_k)}{f''(x_k)}",
    r"x_{k+1}=x_k-H(x_k)^{-1}\nabla f(x_k)",
    r"(H+\varepsilon I)\,p=-g",
    r"f(x+p)\approx f(x)+g^\top p+\tfrac12\,p^\top H p",
    r"e_{k+1}\approx\frac{f'''(x^\star)}{2f''(x^\star)}\,e_k^2",
    r"\det\begin{vmatrix}2&0\\0&20\end{vmatrix}=40",
    r"A=\begin{bmatrix}2&-1\\0&10\end{bmatrix}",
    r"\begin{bmatrix}a_{11}&\cdots&a_{1n}\\\vdots&\ddots&\vdots\\"
    r"a_{m1}&\cdots&a_{mn}\end{bmatrix}",
    r"\kappa=\frac{\lambda_d}{\lambda_1}\geq1",
    r"\lambda_1\le\lambda_2\le\dots\le\lambda_d",
    r"\left(\frac{\kappa-1}{\kappa+1}\right)^{k}",
    r"\rho=\frac{\sqrt\kappa-1}{\sqrt\kappa+1}",
    r"\begin{aligned}m_t&=\beta_1m_{t-1}+(1-\beta_1)\,g_t\\"
    r"v_t&=\beta_2v_{t-1}+(1-\beta_2)\,g_t^2\end{aligned}",
    r"\hat m_t=\frac{m_t}{1-\beta_1^t}",
    r"\theta_{t+1}=\theta_t-\eta\,\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon}",
    r"v\leftarrow\mu v-\eta\nabla f(\theta+\mu v)",
    r"s_t=\gamma s_{t-1}+(1-\gamma)\,g_t\odot g_t",
    r"\mathbb{E}[g_B]=\nabla L,\qquad\operatorname{Var}(g_B)=\frac{\sigma^2}{|B|}",
    r"\mathop{\mathbb{E}}_{x\sim p}[f(x)]=\int f(x)\,p(x)\,dx",
    r"\operatorname{Var}(X)=\mathbb{E}\!\left[(X-\mu)^2\right]",
    r"X\sim\mathcal{N}(\mu,\sigma^2)",
    r"\mathcal{L}(\boldsymbol{\theta};\mathcal{D})",
    r"\mathbf{w}^\top\mathbf{x}+b",
    r"\mathbf{X}^{\mathsf T}\mathbf{X}\,\mathbf{w}=\mathbf{X}^{\mathsf T}\mathbf{y}",
    r"\hat{\boldsymbol\theta}=\operatorname*{arg\,min}_{\boldsymbol\theta\in"
    r"\mathbb{R}^d}\|\mathbf{y}-\mathbf{X}\boldsymbol\theta\|_2^2",
    r"f\colon\mathbb{R}^n\to\mathbb{R},\quad x\mapsto\|x\|_1",
    r"\max_{1\le i\le n}|x_i|=\|x\|_\infty",
    r"\underbrace{y-\hat y}_{\text{error}}\cdot\overbrace{x}^{\text{input}}",
    r"\frac{dL}{dw}=\frac{dL}{d\hat y}\,\frac{d\hat y}{dz}\,\frac{dz}{dw}",
    r"\bar{x}=\frac1n\sum_i x_i,\quad\tilde x,\ \vec v,\ \dot x,\ \ddot x,\ "
    r"\widehat{xy}",
    r"\sum_{\substack{i=1\\i\ne j}}^{n}a_{ij}",
    r"\prod_{k=0}^{K-1}(1-\eta_k)",
    r"\bigcup_i A_i\subseteq\bigcap_j B_j,\quad\forall x\,\exists y",
    r"\left\lfloor\frac n2\right\rfloor+\left\lceil\frac n2\right\rceil",
    r"\left.\frac{df}{dx}\right|_{x=0}=\langle u,v\rangle",
    r"10^{-6}\pm2\times3\div4\neq-1",
    r"\hat y=\mathbb{1}[z\ge0]",
    r"\operatorname{sign}(a)\equiv\frac{a}{|a|},\ a\not=0",
    r"\sqrt[3]{x}\propto\Delta t,\quad\Sigma,\Lambda,\Omega,\Theta",
    r"\overline{AB}+\underline{c}\xrightarrow{\;k\;}\infty",
    r"\left[\begin{array}{cc|c}a&b&1\\\hline c&d&2\end{array}\right]",
    r"f(x,y)=x^4+0.8y^4+4x^2+2y^2-xy-0.2x^2y",
    r"\{(5,1),(1{,}000,2)\}\setminus\emptyset",
]


def html(text, *extensions, **options):
    return markdown.markdown(
        text, extensions=[MathExtension(**options), *extensions], tab_length=4
    )


def characters(mathml):
    """The characters that a font needs for a formula.

    A browser sets a lone letter in <mi> in mathematical italic.
    """
    found = set()
    for node in ElementTree.fromstring(mathml).iter():
        text = node.text or ""
        if node.tag == "mi" and len(text) == 1 and "mathvariant" not in node.attrib:
            text = italic(text)
        found |= set(text)
    return found


def italic(letter):
    if letter == "h":
        return "ℎ"
    name = unicodedata.name(letter)
    for case in "CAPITAL", "SMALL":
        for script in "LATIN ", "GREEK ":
            short = name.removeprefix(f"{script}{case} LETTER ")
            if short != name:
                try:
                    return unicodedata.lookup(f"MATHEMATICAL ITALIC {case} {short}")
                except KeyError:
                    return letter
    symbols = {"ϵ": "𝜖", "ϑ": "𝜗", "ϕ": "𝜙", "ϱ": "𝜚", "∂": "𝜕", "ϖ": "𝜛"}
    return symbols.get(letter, letter)


def faces(css=CSS):
    """The characters in each font file, as a style sheet states them."""
    face = r'@font-face \{.*?fonts/([\w-]+\.woff2)".*?unicode-range:(.*?);'
    found = {}
    for file, ranges in re.findall(face, css, re.DOTALL):
        found[file] = set()
        for part in ranges.split(","):
            first, _, last = part.strip().removeprefix("U+").partition("-")
            codes = range(int(first, 16), int(last or first, 16) + 1)
            found[file] |= set(map(chr, codes))
    return found


def covered():
    return set.union(faces(SITE_CSS)["STIXTwoText-Regular.woff2"], *faces().values())


@pytest.mark.parametrize("display", [False, True])
@pytest.mark.parametrize("tex", COURSE)
def test_formulas_of_the_course_become_mathml_that_the_font_covers(tex, display):
    mathml = to_mathml(tex, display)
    assert mathml.startswith("<math")
    assert " style=" not in mathml
    assert "error" not in mathml.replace("<mtext>error</mtext>", "")
    assert characters(mathml) - covered() - {"\u2061", ""} == set()
    for name in re.findall(r"tml-[\w-]+", mathml):
        # "tml-tilde-1" and the like are the unstretched forms.
        assert f".{name}" in CSS


class _Brotli:
    """What woff2 is packed with, as the Node inside of Playwright has it."""

    @staticmethod
    def decompress(packed):
        script = (
            "process.stdin.pipe(zlib.createBrotliDecompress()).pipe(process.stdout)"
        )
        node = shutil.which("node", path=Path(playwright.__file__).parent / "driver")
        done = subprocess.run(
            [node, "-e", script], input=packed, capture_output=True, check=True
        )
        return done.stdout


def test_the_font_holds_what_the_style_sheet_says(monkeypatch):
    monkeypatch.setattr(woff2, "brotli", _Brotli, raising=False)
    monkeypatch.setattr(woff2, "haveBrotli", True)
    assert len(faces()) == 2
    assert not set.intersection(*faces().values())
    texts = faces(SITE_CSS)
    assert len(texts) == 6
    for file, stated in (faces() | texts).items():
        with TTFont(ROOT / "docs/assets/fonts" / file) as font:
            assert {chr(code) for code in font.getBestCmap()} == stated
            assert ("MATH" in font) == (file in faces())


@pytest.mark.parametrize(
    ("tex", "element"),
    [
        (r"\frac{a}{b}", "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
        (r"\sum_{i=1}^n a", "<munderover>"),
        (r"\hat{y}", "<mover>"),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "<mtable>"),
        (r"\begin{cases}1&x>0\\0&x\le0\end{cases}", '<mtd class="tml-left tml-quad">'),
        (r"\begin{aligned}a&=b\\c&=d\end{aligned}", '<mtd class="tml-right">'),
        (r"\begin{align*}a&=b&c&=d\\e&=f\end{align*}", '<mtd class="tml-right">'),
        (r"\text{if } x", "<mtext>if\xa0</mtext>"),
        (r"\underbrace{a}_{b}", ">⏟</mo>"),
        (r"\boldsymbol{w}", "<mi>𝒘</mi>"),
        (r"\mathbb{R}", "<mi>ℝ</mi>"),
        (r"\operatorname{Var}", "<mi>Var</mi>"),
        (r"\left(\frac12\right)", '<mo form="prefix" stretchy="true">('),
        (r"\sqrt[3]{x}", '<mroot class="tml-low">'),
        (r"\sqrt{\frac12}", "<msqrt><mfrac>"),
        ("x-1", "<mo>−</mo>"),
        ("(5,1)", "<mn>5</mn><mo"),
        ("1{,}000", "<mn>1,000</mn>"),
    ],
)
def test_every_construct_is_rendered(tex, element):
    assert element in to_mathml(tex, display=True)


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\frac{a", "Unexpected end of input"),
        (r"\gradient f", r"Unsupported function name: \gradient at position 1"),
        (r"x & y", "got '&'"),
        (r"x_1_2", "Double subscript"),
        (r"\color{red}x", "needs the style color:#ff0000"),
        (r"x\tag{1}", "needs the style width:100%"),
        (r"\href{https://example.org}{x}", "Unsupported function name"),
        (r"\underset{x}{\operatorname{arg\,min}}", "broken munder"),
        (r"\cancel{x}", "only lines above and below"),
        (r"a \\ b", "only inside aligned"),
    ],
)
def test_tex_that_cannot_be_shown_is_an_error_that_names_it(tex, reason):
    with pytest.raises(MathError) as caught:
        to_mathml(tex, display=True)
    assert caught.value.tex == tex
    said = str(caught.value)
    assert reason in said
    assert said.endswith(f", in {tex}")
    assert "\n" not in said
    with pytest.raises(ValueError, match=re.escape(said)):
        html(f"Text.\n\n$${tex}$$\n")


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        (r"the rate \\(x\\) is", r"\\(x\\) is"),
        (r"the rate \(x\) is", r"\(x\) is"),
        ("so\n\\[x\\]\nis", r"\[x\]"),
        ("so $$x$$ is", "$$x$$ is"),
        ("so\n$$\nx\n$$", "$$"),
        ("so $ x$ is", "$ x$ is"),
    ],
)
def test_a_delimiter_left_in_the_text_is_an_error(text, tex):
    with pytest.raises(ValueError, match="stands alone in running text") as caught:
        html(text)
    assert str(caught.value).endswith(f", in {tex}")


def test_delimiters_in_code_are_left_alone():
    text = "`$x$` and `\\(x\\)` and `$$`\n\n```\n$$ \\[ $x$\n```\n\n    $$x$$\n"
    page = html(text, "pymdownx.superfences")
    assert "math" not in page
    assert "<code>$x$</code> and <code>\\(x\\)</code> and <code>$$</code>" in page
    assert page.count("$$") == 4


@pytest.mark.parametrize(
    "text",
    ["It costs $5 and $6.", "From $5, or ($6) on.", r"It costs \$5, then \$x\$."],
)
def test_prices_are_not_formulas(text):
    assert html(text) == f"<p>{text}</p>".replace("\\", "")


@pytest.mark.parametrize(
    "text",
    [
        "In $x_1$ text.",
        "| a | b |\n|---|---|\n| $x_1$ | 2 |",
        "- an item with $x_1$",
        "- an item\n\n    $$x_1$$",
        "## A heading of $x_1$",
        '!!! note "Title $x_1$"\n    Text.',
        "!!! note\n    Text.\n\n    $$x_1$$",
        "??? note\n    $x_1$",
        "<details markdown>\n<summary>Why</summary>\n\nAs $x_1$.\n\n</details>",
        "**bold $x_1$** and",
        "[a link of $x_1$](#there)",
        "\\begin{aligned}x_1\\end{aligned}",
    ],
)
def test_formulas_stand_wherever_text_stands(text):
    page = html(text, "tables", "admonition", "pymdownx.details", "md_in_html", "toc")
    assert "<msub><mi>x</mi><mn>1</mn></msub></m" in page
    assert page.count("<math") == page.count("</math>") == 1
    assert "$" not in page


def test_a_formula_in_running_text_may_break_after_an_operator():
    rows = ElementTree.fromstring(to_mathml(r"f'(z):=g(z)+1"))
    assert [row.tag for row in rows] == ["mrow"] * 3
    assert ["".join(row.itertext())[-1] for row in rows] == ["=", "+", "1"]
    lost = ElementTree.fromstring(to_mathml(r"a\bigl(\bigl(b+c\bigr)=\bigr)"))
    assert "".join(lost.itertext()) == "a((b+c)=)"


def test_the_comma_after_a_formula_stays_with_it():
    page = html("If $x$, then **$y$**. So ($z$), $a$-th or $b$ .")
    assert page.count("</math></span>") == 2
    for kept in ",", "),", "-":
        assert f"</math>{kept}</span>" in page


def test_nothing_is_escaped_twice_or_touched_by_other_extensions():
    text = "$a < b > c$, $\\text{MSE ... y}$\n\n$$a < b \\& c$$\n\n*[MSE]: error\n"
    page = html(text, "abbr", "smarty", "attr_list", "toc")
    assert "&amp;amp;" not in page
    assert "&amp;lt;" not in page
    assert "<mo>&lt;</mo>" in page
    assert "<mi>&amp;</mi>" in page
    assert "<mtext>MSE\xa0...\xa0y</mtext>" in page
    assert "<abbr" not in page


def test_a_heading_with_a_formula_reads_well_in_the_table_of_contents():
    md = markdown.Markdown(extensions=[MathExtension(), "toc"])
    md.convert(
        r"""## The "a" `a<b` rule $x_{k+1} = x_k - \frac{1}{2n} f'(x_k)^2$ & $\hat y$"""
    )
    assert md.toc_tokens[0]["name"] == (
        'The "a" a&lt;b rule x_(k+1) = x_k − 1/(2n)f′(x_k)^2 &amp; y\u0302'
    )
    assert md.toc_tokens[0]["html"].count("<math") == 2


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"\sum_{i=1}^n", "∑_i=1^n"),
        (r"\sqrt{x} - 1", "√x − 1"),
        (r"-x^{-1}", "−x^(−1)"),
        (r"\bar x\,\text{on average}", "x\u0304 on average"),
    ],
)
def test_plain(tex, line):
    assert plain(to_mathml(tex, display=True)) == line


def test_only_wide_display_formulas_take_the_keyboard():
    assert html("$$x$$").startswith('<div class="maths"><math display="block"')
    assert 'tabindex="0"' in html(f"$${'+'.join('abcdefghijkl')}$$")
    assert "tabindex" not in html(f"${'+'.join('abcdefghijkl')}$")


def test_a_formula_is_converted_once():
    kept = Memory()
    first = to_mathml("q_1", cache=kept)
    assert list(kept.values()) == [first]
    kept[next(iter(kept))] = "<math>kept</math>"
    assert to_mathml("q_1", cache=kept) == "<math>kept</math>"
    assert to_mathml("q_1", display=True, cache=kept) != first
    assert len(kept) == 2


def test_an_error_is_not_kept():
    kept = Memory()
    with pytest.raises(MathError):
        to_mathml(r"\frac{a", cache=kept)
    assert not kept


def test_a_page_of_known_formulas_does_not_start_v8(monkeypatch):
    kept = Memory()
    text = "## On $x$\n\nThe $y$ of\n\n$$z$$\n"
    page = html(text, cache=kept)
    monkeypatch.setitem(sys.modules, "py_mini_racer", None)
    maths._v8.cache_clear()
    assert html(text, cache=kept) == page
    with pytest.raises(ImportError):
        html("$new$", cache=kept)


def test_a_process_that_used_v8_ends():
    code = "from _weave.markdown.maths import to_mathml; print(to_mathml('x'))"
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=SNIPPETS,
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        assert done.stdout == "<math><mi>x</mi></math>\n"
        assert done.stderr == ""
