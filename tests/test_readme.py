"""What the README shows is what happens."""

import doctest
import re

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_example_prints_what_it_says():
    (example,) = re.findall(r"```python\n(>>>.*?)```", README, re.DOTALL)
    test = doctest.DocTestParser().get_doctest(example, {}, "README", "README.md", 0)
    failed, tried = doctest.DocTestRunner().run(test)
    assert (failed, tried > 3) == (0, True)


def test_every_link_leads_somewhere():
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_script_it_names_is_there():
    scripts = set(re.findall(r"(?:scripts|tests/benchmarks)/\w+\.py", README))
    assert scripts
    assert [script for script in scripts if not (ROOT / script).is_file()] == []
