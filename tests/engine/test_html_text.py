"""What a person without HTML reads of an HTML message, whatever stands in it."""

from time import process_time

import pytest

from cuework.base.html_text import text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello</p><p>World</p>", "Hello\n\nWorld\n"),
        ("One<br>two<br/>three", "One\ntwo\nthree\n"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n\n- c\n"),
        ("<ol><li>a<li>b</ol>", "1. a\n2. b\n"),
        ('See <a href="https://x.example/?a=1&amp;b=2">our page</a>.', "See our page (https://x.example/?a=1&b=2).\n"),
        ('<a href="https://x.example">https://x.example</a>', "https://x.example\n"),
        ('<a href="javascript:alert(1)">click</a>', "click\n"),
        ("<style>p{color:red}</style><script>x()</script><title>t</title>Hi", "Hi\n"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n"),
        ("a &lt; b &amp;&nbsp;c", "a < b &\xa0c\n"),
        ('<img src="x" alt="Logo"> Hi', "Logo Hi\n"),
        ("Plain text\nin two   lines", "Plain text in two lines\n"),
        ("<p>unclosed <b>tags <i>everywhere", "unclosed tags everywhere\n"),
        ("", "\n"),
        ("<head><title>t</title><meta><body>Hi</body>", "Hi\n"),
        ("a<!-- <p>not this</p> -->b<!-- nor this > one --><?php no ?>c", "abc\n"),
        ("a <!-- without an end", "a\n"),
        ("2 < 3, 3 <4 and <3", "2 < 3, 3 <4 and <3\n"),
        ("Hi <b and no end", "Hi\n"),
        ('<p title="a > b" class=x>Hi</p >', "Hi\n"),
        ("<script>if (a < b) '</p>'</script >Hi", "Hi\n"),
        ("<SCRIPT>x</Script><P>Hi</P>", "Hi\n"),
        ("<textarea><b>as it is</b></textarea>", "<b>as it is</b>\n"),
        (
            "<a href='https://x.example'>one <a href=https://y.example>two</a>",
            "one (https://x.example)two (https://y.example)\n",
        ),
        ("&#72;i &#x1F600; &xyz; &#0; &#99999999999999999999;", "Hi \U0001f600 &xyz; \ufffd \ufffd\n"),
    ],
)
def test_the_text_of_html(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize(
    "part",
    [
        *("<a ", "<a b='", '<a b="', "<a b=", "<", "</", "<!", "<!--", "<?", "<![CDATA[", "<a b c", "<a =", "<a/"),
        *("&", "&#", "&#x", "&#9", "&nothing", "<ul>", "<ol><li>", "<ul><li>x", "<a href='http://x'>", "<a><p>"),
        *("<script>", "<script></", "<style><", "<title>", "<textarea><", "<head>", "<br>", "</p>", "\n", " ", "x "),
    ],
)
def test_no_html_takes_longer_than_its_length(part: str) -> None:
    html = part * (200_000 // len(part))
    began_at = process_time()
    text = text_of(html)
    assert process_time() - began_at < 60  # a quadratic reader takes many minutes
    assert len(text) < 10 * len(html)
