"""Makes snippets.json and renderings.json with the reference implementation. Needs the package jinja2, version 3.1.6."""

import os

import conversations
import reference
import snippets

HERE = os.path.dirname(os.path.abspath(__file__))


def make_snippets():
    cases = []
    for name, template, variables in snippets.cases():
        cases.append({"name": name, "template": template, "variables": variables, **reference.outcome(template, variables)})
    reference.write(os.path.join(HERE, "snippets.json"), cases)


def make_renderings():
    folder = os.path.join(HERE, "templates")
    cases = []
    for name, variables in conversations.cases():
        outcomes = {}
        for file in sorted(os.listdir(folder)):
            with open(os.path.join(folder, file), encoding="utf-8") as template:
                outcomes[file] = reference.outcome(template.read(), variables)
        cases.append({"name": name, "variables": variables, "outcomes": outcomes})
    reference.write(os.path.join(HERE, "renderings.json"), cases)


if __name__ == "__main__":
    make_snippets()
    make_renderings()
