"""Jinja as the transformers library sets it up for chat templates: the reference that golden files are made with."""

import datetime
import json
import re
import traceback

import jinja2
import jinja2.ext
import jinja2.sandbox

# a moment with one-digit and two-digit fields, in no time zone: what strftime_now sees
NOW = datetime.datetime(2026, 3, 7, 9, 5, 3, 42)


class Generation(jinja2.ext.Extension):
    """{% generation %}: a block with a scope of its own that renders as it stands."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_render"), [], [], body).set_lineno(line)

    def _render(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    env = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
    )
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = NOW.strftime
    return env


def line_of(error):
    """The innermost line of the template in a failure, if it has one."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    return lines[-1] if lines else None


def outcome(template, variables):
    """What a golden file says of a rendering: the text, or that it fails, where, and why where the template says it."""
    try:
        text = environment().from_string(template).render(**variables)
        if re.search(r" at 0x[0-9a-f]+>", text):
            raise AssertionError("prints an address: " + template)
        return {"expected": text}
    except AssertionError as error:
        if "prints an address" in str(error):
            raise
        return {"error": "failed", "line": line_of(error)}
    except jinja2.exceptions.TemplateError as error:
        raised = type(error) is jinja2.exceptions.TemplateError
        return {"error": error.message if raised else "failed", "line": line_of(error)}
    except Exception as error:
        return {"error": "failed", "line": line_of(error)}


def write(path, cases):
    with open(path, "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n")
    print(len(cases), "cases in", path)
