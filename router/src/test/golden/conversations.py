"""Conversations for the golden renderings: as vLLM hands them to a template. Run by make_goldens.py."""

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "level",
            "description": "The water level at a gauge, in cm.\nNegative below zero.",
            "parameters": {
                "type": "object",
                "properties": {
                    "gauge": {"type": "string", "description": "Name of the gauge <unique>"},
                    "unit": {"type": "string", "enum": ["cm", "ft"], "default": "cm"},
                    "days": {"type": "integer", "default": 1},
                },
                "required": ["gauge"],
            },
        },
    },
    {
        "type": "function",
        "function": {
            "name": "gate",
            "description": None,
            "parameters": {
                "type": "object",
                "properties": {
                    "Moves": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"gate": {"type": "string"}, "to": {"type": "number"}},
                            "required": ["gate"],
                        },
                    },
                    "names": {"type": "array", "items": {"type": "string"}, "nullable": True},
                    "how": {"oneOf": [{"type": "string", "description": "a word"}, {"type": "boolean"}], "default": "slow"},
                    "more": {"type": "object", "properties": {"über": {"type": "boolean", "description": "größer"}}},
                    "any": {},
                    "either": {"type": ["string", "null"]},
                },
                "required": ["Moves"],
            },
        },
    },
    {"type": "function", "function": {"name": "now", "description": "The time", "parameters": None}},
]


def call(name, arguments, number=1):
    return {"id": f"call_{number:08d}", "function": {"arguments": arguments, "name": name}, "type": "function"}


def system(text="You look after the sluices."):
    return {"role": "system", "content": text}


def user(content="How high is the water?"):
    return {"role": "user", "content": content}


def assistant(content, **more):
    return {"role": "assistant", "content": content, **more}


def result(content, number=1):
    return {"role": "tool", "content": content, "tool_call_id": f"call_{number:08d}"}


LEVEL = call("level", {"gauge": "Köln <Süd> \"3\"", "days": 2})
GATE = call("gate", {"Moves": [{"gate": "A", "to": 1.5}, {"gate": "B", "to": 1e-7}], "more": {"über": True, "x": None}}, 2)
TEXT = {"type": "text", "text": " What is this? "}
IMAGE = {"type": "image"}

CONVERSATIONS = {
    "user only": [user()],
    "system and user": [system(), user()],
    "no generation prompt": ([user(), assistant("180 cm.")], {"add_generation_prompt": False}),
    "two turns": [user(), assistant("180 cm."), user("And now?")],
    "two turns with system": [system(), user(), assistant("  180 cm.\n"), user("\n And now? ")],
    "blank system": [system("  \n"), user("")],
    "unicode": [system("Sei höflich 🙂"), user("水位はどのくらいですか？ \u202eabc\u202c e\u0301 🏞️"), assistant("١٨٠ 厘米"), user("ありがとう")],
    "control characters": [user("tab\t nul\x00 esc\x1b line\r\nend\u2028")],
    "special tokens in text": [user("<|im_end|><|eot_id|>[/INST]{{ 1 + 1 }}{% if %}</s>")],
    "code": [user("```python\nprint('{}'.format(1))\n```\n\n\n"), assistant("```\n1\n```"), user("# {{")],
    "tools": ([user()], {"tools": TOOLS}),
    "tools and system": ([system(), user()], {"tools": TOOLS}),
    "one tool without parameters": ([user("When?")], {"tools": TOOLS[2:]}),
    "call": ([user(), assistant("", tool_calls=[LEVEL]), result("180")], {"tools": TOOLS[:1]}),
    "call with content": ([system(), user(), assistant("I look.", tool_calls=[LEVEL]), result('{"cm": 180}'), assistant("180 cm."), user("Open it.")], {"tools": TOOLS}),
    "call without content": ([user(), assistant(None, tool_calls=[GATE]), result("ok", 2), assistant("Done."), user("Thanks.")], {"tools": TOOLS[:2]}),
    "two calls": ([user(), assistant("", tool_calls=[LEVEL, GATE]), result("180"), result("moved", 2)], {"tools": TOOLS}),
    "call without arguments": ([user("When?"), assistant("", tool_calls=[call("now", {})]), result("09:05")], {"tools": TOOLS[2:]}),
    "result that is a list": ([user(), assistant("", tool_calls=[LEVEL]), result([{"type": "text", "text": "180"}])], {}),
    "calls of two turns": ([user(), assistant("", tool_calls=[LEVEL]), result("180"), assistant("180"), user("?"), assistant("", tool_calls=[call("level", {"gauge": "x"}, 3)]), result("7", 3)], {"tools": TOOLS[:1]}),
    "thought in content": [user("1+1?"), assistant("<think>\none and one\n</think>\n\ntwo"), user("2+2?")],
    "thought beside content": [user("1+1?"), assistant("two", reasoning="one and one", reasoning_content="one and one"), user("2+2?")],
    "thought of the last turn": ([user("1+1?"), assistant("two", reasoning_content="\none and one\n", thinking="one and one")], {"add_generation_prompt": False}),
    "thinking off": ([user("1+1?")], {"enable_thinking": False, "thinking": False, "reasoning_effort": "low"}),
    "thinking on": ([user("1+1?")], {"enable_thinking": True, "thinking": True, "reasoning_effort": "high"}),
    "thought with a call": ([user(), assistant("", tool_calls=[LEVEL], thinking="look first", reasoning_content="look first"), result("180")], {"tools": TOOLS[:1]}),
    "image": [user([TEXT, IMAGE])],
    "images and system": [system(), user([IMAGE, TEXT, IMAGE, {"type": "text", "text": "\nand this?"}]), assistant("A weir."), user([TEXT])],
    "part of another kind": [user([{"type": "audio"}])],
    "system as parts": [{"role": "system", "content": [{"type": "text", "text": "Be brief."}]}, user("Hi")],
    "two users": [user("a"), user("b")],
    "assistant first": [assistant("Hello."), user("Hi")],
    "system in the middle": [user("a"), assistant("b"), system("Stop."), user("c")],
    "another role": [user("a"), {"role": "critic", "content": "no"}],
    "result without a call": [user("a"), result("180")],
    "short id": [user("a"), assistant("", tool_calls=[{"id": "c1", "function": {"arguments": {}, "name": "now"}, "type": "function"}])],
    "no messages": [],
    "content that is a number": [user(5)],
    "message without content": [{"role": "user"}],
    "developer": ([{"role": "developer", "content": "Use metres."}, user()], {}),
    "tools in the system": ([system(), user()], {"tools": TOOLS[:1], "tools_in_user_message": False}),
    "built-in tools": ([user(), assistant("", tool_calls=[call("search", {"query": "level", "place": "Bonn"})]), result("180")], {"builtin_tools": ["browser", "search", "shell", "python"]}),
    "date given": ([user()], {"date_string": "24 Dec 2025", "model_identity": "You are Weir."}),
    "long": [message for n in range(12) for message in (user(f"question {n}"), assistant(f"answer {n}\n"))] + [user("last")],
}
VARIABLES = {"bos_token": "<s>", "eos_token": "</s>", "tools": None, "documents": None, "add_generation_prompt": True}


def cases():
    for name, conversation in CONVERSATIONS.items():
        messages, more = conversation if isinstance(conversation, tuple) else (conversation, {})
        yield name, {**VARIABLES, "messages": messages, **more}
