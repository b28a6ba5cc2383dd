"""Makes snippets.json and renderings.json with the reference implementation. Needs the package jinja2, version 3.1.6."""

import os

import reference
import snippets

HERE = os.path.dirname(os.path.abspath(__file__))


def make_snippets():
    cases = []
    for name, template, variables in snippets.cases():
        cases.append({"name": name, "template": template, "variables": variables, **reference.outcome(template, variables)})
    reference.write(os.path.join(HERE, "snippets.json"), cases)


if __name__ == "__main__":
    make_snippets()
