"""Input made to be slow or large: for each kind, a function from a size in bytes to files.

Plain shapes of what has hurt other loaders. `ATTACKS` names them; the tests and the fuzzer run them all.
"""

from collections.abc import Callable, Mapping

Files = Mapping[str, bytes]
"""Path to content; the stack is that of `compose.yaml`."""

HEAD = "services:\n  web:\n    image: x\n"


def _stack(*keys: str) -> Files:
    """One service with some more keys."""
    return _text(HEAD + "".join(f"    {key}\n" for key in keys))


def _text(text: str, **others: str) -> Files:
    return {"compose.yaml": text.encode(), **{name: other.encode() for name, other in others.items()}}


def _repeated(size: int, line: str, before: str = "", after: str = "") -> str:
    """`line` as often as fits, `{}` in it standing for a number."""
    count = max(1, (size - len(before) - len(after)) // (len(line.format(0)) + 5))
    return before + "".join(line.format(number) for number in range(count)) + after


def _nested(size: int, opening: str, closing: str, inner: str = "") -> str:
    count = max(1, (size - len(inner)) // len(opening + closing))
    return opening * count + inner + closing * count


def laughs(size: int) -> Files:
    """Ten aliases of ten aliases of ten, and so on."""
    lines = ["x-0: &x0 [a,a,a,a,a,a,a,a,a,a]"]
    lines += [f"x-{level}: &x{level} [{','.join([f'*x{level - 1}'] * 10)}]" for level in range(1, 30)]
    return _text("\n".join(lines) + f"\n{HEAD}")


def laughs_of_mappings(size: int) -> Files:
    """The same with merge keys below them."""
    lines = ["x-0: &x0 {a: 1}"]
    for level in range(1, 30):
        inner = ",".join(f"k{number}: *x{level - 1}" for number in range(10))
        lines.append(f"x-{level}: &x{level} {{<<: *x{level - 1}, {inner}}}")
    return _text("\n".join(lines) + f"\n{HEAD}")


def just_below_the_bomb(size: int) -> Files:
    """Aliases that stay within what is allowed, times everything that a service may hold."""
    environment = ",".join(f"k{number}: v" for number in range(480))
    return _text(
        f"x-e: &e {{{environment}}}\nservices:\n"
        + "".join(f"  s{number}: {{image: x, environment: *e}}\n" for number in range(1000))
    )


def just_below_the_bomb_in_extensions(size: int) -> Files:
    """The same where nothing is checked."""
    return _text(f"x-e: &e [{'a,' * 480}]\n" + "".join(f"x-{number}: *e\n" for number in range(1000)) + HEAD)


def just_below_the_bomb_of_services(size: int) -> Files:
    """One service under ten thousand names."""
    return _text(
        "x-s: &s {image: x, ports: ['80:80'], environment: {A: '1', B: '2'}, depends_on: {z: "
        "{condition: service_started}}, healthcheck: {test: a}}\nservices:\n  z: {image: z}\n"
        + "".join(f"  s{number}: *s\n" for number in range(20_000))
    )


def merge_keys_of_merge_keys(size: int) -> Files:
    """Each mapping merges the one before, and adds a key."""
    return _text(_repeated(size, "x-{0}: &a{0} {{k{0}: 1}}\n", HEAD) + "y: &b0 {}\n") | _merges(size)


def _merges(size: int) -> Files:
    lines = ["x-0: &a0 {k0: 1}"]
    count = size // 40
    lines += [f"x-{number}: &a{number} {{<<: *a{number - 1}, k{number}: 1}}" for number in range(1, count)]
    return _text("\n".join(lines) + f"\n{HEAD}")


def many_anchors(size: int) -> Files:
    """As many anchors as fit, each used once."""
    return _text(_repeated(size, "x-{0}: &a{0} [*l, 1]\n", f"x-l: &l 1\n{HEAD}"))


def open_variables(size: int) -> Files:
    """`${A:-${A:-…`, closed properly."""
    return _stack("command: '" + _nested(size, "${A:-", "}", "x") + "'")


def open_variables_below_the_limit(size: int) -> Files:
    """A great many variables, each nested as deep as is allowed."""
    nested = _nested(90 * 6, "${A:-", "}", "x")
    return _stack(f"command: '{nested * (size // len(nested))}'")


def unclosed_variables(size: int) -> Files:
    """`${A:-${A:-…`, never closed."""
    return _stack("command: '" + "${A:-" * (size // 5) + "'")


def many_variables(size: int) -> Files:
    """Unset variables one after another, all different."""
    return _stack("command: '" + _repeated(size, "$V{0} ") + "'")


def many_values_with_variables(size: int) -> Files:
    """Values that only the grammar can read, each a little different."""
    return _text(_repeated(size, "    - ${{A:-${{B:-{0}}}}}\n", HEAD + "    command:\n"))


def many_unset_variables_alike(size: int) -> Files:
    """Unset variables beside a large environment of similar ones: each could be a misspelling."""
    compose = _repeated(size // 2, "    - ${{NAME_{0}_X}}\n", HEAD + "    command:\n")
    return _text(compose, **{".env": _repeated(size // 2, "NAME_{0}_Y=1\n")})


def variables_that_double(size: int) -> Files:
    """An env file each of whose lines is twice the one before."""
    lines = ["V0=" + "x" * 1000] + [f"V{number}=$V{number - 1}$V{number - 1}" for number in range(1, 64)]
    return _text(HEAD + "    command: $V63\n", **{".env": "\n".join(lines)})


def one_value_many_times(size: int) -> Files:
    """A long variable in many values."""
    return _text(_repeated(size // 2, "    - $V{0:0.0}\n".replace("{0:0.0}", ""), HEAD + "    command:\n")) | {
        ".env": b"V=" + b"x" * (size // 2)
    }


def long_default_many_times(size: int) -> Files:
    """The word of a default, in text that is nearly all of it."""
    return _stack("command: ${A:-" + "x" * size + "}")


def dotenv_of_many_lines(size: int) -> Files:
    """As many variables as fit."""
    return _text(HEAD, **{".env": _repeated(size, "V{0}=1\n")})


def dotenv_of_one_line(size: int) -> Files:
    """A name without an end."""
    return _text(HEAD, **{".env": "A" * size})


def dotenv_of_comments(size: int) -> Files:
    """Nothing but comments and blank lines."""
    return _text(HEAD, **{".env": "#\n\n \t" * (size // 5)})


def dotenv_of_quotes(size: int) -> Files:
    """One quoted value without an end."""
    return _text(HEAD, **{".env": 'A="' + "\\" * size})


def dotenv_of_names_with_spaces(size: int) -> Files:
    """`export` after `export`."""
    return _text(HEAD, **{".env": "export " * (size // 7)})


def env_file_many_times(size: int) -> Files:
    """One env file, named by very many services."""
    compose = "services:\n" + _repeated(size // 2, "  s{0}: {{image: x, env_file: e.env}}\n")
    return _text(compose, **{"e.env": _repeated(2000, "V{0}=1\n")})


def extends_in_a_chain(size: int) -> Files:
    """Each service extends the one before, and adds a variable."""
    return _text(
        "services:\n  s0: {image: x}\n"
        + "".join(
            f"  s{number}: {{extends: s{number - 1}, environment: {{V{number}: a}}}}\n"
            for number in range(1, size // 50)
        )
    )


def extends_in_a_chain_of_lists(size: int) -> Files:
    """The same with lists, which are appended."""
    return _text(
        "services:\n  s0: {image: x}\n"
        + "".join(f"  s{number}: {{extends: s{number - 1}, cap_add: [C{number}]}}\n" for number in range(1, size // 50))
    )


def extends_of_one(size: int) -> Files:
    """Everybody extends one service that is as large as all of them."""
    base = "  base: {image: x, environment: {" + ",".join(f"V{number}: a" for number in range(size // 24)) + "}}\n"
    return _text("services:\n" + base + _repeated(size // 2, "  s{0}: {{extends: base}}\n"))


def extends_of_files(size: int) -> Files:
    """One file, extended by very many services."""
    compose = "services:\n" + _repeated(size, "  s{0}: {{extends: {{file: o.yaml, service: a}}}}\n")
    return _text(compose, **{"o.yaml": "services: {a: {image: x}}\n"})


def deep_includes(size: int) -> Files:
    """A file includes a file includes a file."""
    files = {
        f"{number}.yaml": f"include: [{number + 1}.yaml]\nservices: {{s{number}: {{image: x}}}}\n"
        for number in range(200)
    }
    return _text("include: [0.yaml]\n", **files)


def doubling_includes(size: int) -> Files:
    """A file includes the next one twice."""
    files = {f"{number}.yaml": f"include: [{number + 1}.yaml, ./{number + 1}.yaml]\n" for number in range(40)}
    return _text("include: [0.yaml]\n" + HEAD, **files, **{"40.yaml": HEAD})


def many_includes(size: int) -> Files:
    """One file, included very often."""
    return _text("include:\n" + "- o.yaml\n" * (size // 9), **{"o.yaml": "services: {a: {image: x}}\n"})


def long_key(size: int) -> Files:
    """A key that is as long as the file."""
    return _text("x" * size + ": 1\n" + HEAD)


def long_keys_beside_each_other(size: int) -> Files:
    """Two of them, nearly the same."""
    return _text(f"services:\n  {'w' * (size // 2)}: {{image: x, depends_on: [{'w' * (size // 2)}v]}}\n")


def long_names(size: int) -> Files:
    """Very long names of networks that nobody defines."""
    name = "n" * (size // 40)
    return _text(
        f"services:\n  w:\n    image: x\n    networks: [{','.join(name + str(number) for number in range(20))}]\n"
        "networks:\n" + "".join(f"  {name}{number}: {{}}\n" for number in range(20, 38))
    )


def unknown_keys(size: int) -> Files:
    """Every key is unknown, and close to a known one."""
    return _text(_repeated(size, "    imag{0}: x\n", HEAD))


def unknown_top_level_keys(size: int) -> Files:
    """The same at the top."""
    return _text(_repeated(size, "services{0}: x\n", HEAD))


def undefined_services(size: int) -> Files:
    """Dependencies that are all misspelt, beside very many services."""
    return _text(
        _repeated(size // 2, "    - servise{0}\n", HEAD + "    depends_on:\n")
        + _repeated(size // 2, "  service{0}: {{image: x}}\n")
    )


def undefined_networks(size: int) -> Files:
    """Networks that are all misspelt, beside very many."""
    return _text(
        _repeated(size // 2, "    - netwrok{0}\n", HEAD + "    networks:\n")
        + "networks:\n"
        + _repeated(size // 2, "  network{0}: {{}}\n")
    )


def wrong_types(size: int) -> Files:
    """Services that are all numbers."""
    return _text(_repeated(size, "  s{0}: 1\n", "services:\n"))


def duplicate_keys(size: int) -> Files:
    """One key, over and over."""
    return _text(HEAD + "    image: x\n" * (size // 13))


def duplicate_items(size: int) -> Files:
    """One item, over and over, in a list that wants each once."""
    return _text(HEAD + "    cap_add:\n" + "    - A\n" * (size // 8))


def port_ranges(size: int) -> Files:
    """The longest range there is, over and over."""
    return _text(HEAD + "    ports:\n" + "    - 1-65535:1-65535\n" * (size // 22))


def port_ranges_of_many(size: int) -> Files:
    """The longest range there is, on many addresses."""
    return _text(_repeated(size, "    - 127.0.{0}.1:1-65535:1-65535\n".replace("{0}", "1"), HEAD + "    ports:\n"))


def port_ranges_of_many_services(size: int) -> Files:
    """The longest range there is, in very many services."""
    return _text(_repeated(size, "  s{0}: {{image: x, ports: ['1-65535']}}\n", "services:\n"))


def many_ports(size: int) -> Files:
    """As many single ports as fit."""
    return _text(_repeated(size, "    - 127.0.0.1:{0}:80\n", HEAD + "    ports:\n"))


def tiny_documents(size: int) -> Files:
    """`---` and nothing, over and over."""
    return _text(HEAD + "---\n" * (size // 4))


def small_documents(size: int) -> Files:
    """Documents of one service each: each is merged over all before."""
    return _text(_repeated(size, "---\nservices: {{s{0}: {{image: x}}}}\n", HEAD))


def same_documents(size: int) -> Files:
    """One document, over and over, lists growing."""
    return _text(_repeated(size, "---\nservices: {{web: {{command: [a], cap_add: [C{0}]}}}}\n", HEAD))


def deep_lists(size: int) -> Files:
    """`[[[[…`."""
    return _text("x-a: " + _nested(size, "[", "]") + f"\n{HEAD}")


def deep_mappings(size: int) -> Files:
    """`{a: {a: …`."""
    return _text("x-a: " + _nested(size, "{a: ", "}") + f"\n{HEAD}")


def deep_indents(size: int) -> Files:
    """`- - - -…`."""
    return _text("x-a:\n  " + "- " * (size // 2) + f"a\n{HEAD}")


def deep_keys(size: int) -> Files:
    """`? ? ? ?…`."""
    return _text("? " * (size // 2) + f"a\n{HEAD}")


def deep_just_below_the_limit(size: int) -> Files:
    """As deep as is allowed, as often as fits."""
    nested = _nested(190 * 2, "[", "]")
    return _text(_repeated(size, f"x-{{0}}: {nested}\n", HEAD))


def deep_and_wide(size: int) -> Files:
    """Very many items as deep as is allowed: each has a line of its own, and all the indentation."""
    inner = "a," * ((size - 1_000) // 2)
    return _text(f"x-a: {'[' * 97}{inner}{']' * 97}\n{HEAD}")


def deep_and_wide_below_long_names(size: int) -> Files:
    """The same where each level has a long name, so that all names are before each item's."""
    name = "k" * min(120, size // 400)
    return _text("x-a: " + f"{{{name}: " * 97 + f"[{'a,' * (size // 3)}]" + "}" * 97 + f"\n{HEAD}")


def many_addresses_of_a_host(size: int) -> Files:
    """A list that is a mapping inside: as many addresses as fit, all of one host."""
    return _text(_repeated(size, "    - h=10.{0}\n", HEAD + "    extra_hosts:\n"))


def many_small_values(size: int) -> Files:
    """The most values for a byte."""
    return _text("x-a: [" + "[]," * (size // 3) + f"]\n{HEAD}")


def many_small_scalars(size: int) -> Files:
    """The most scalars for a byte."""
    return _text("x-a: [" + "a," * (size // 2) + f"]\n{HEAD}")


def many_small_commands(size: int) -> Files:
    """The same where it matters."""
    return _text(HEAD + "    command: [" + "a," * (size // 2) + "]\n")


def many_services(size: int) -> Files:
    """As many services as fit."""
    return _text(_repeated(size, "  s{0}: {{image: x}}\n", "services:\n"))


def many_nulls(size: int) -> Files:
    """As many services of nothing."""
    return _text(_repeated(size, "  s{0}:\n", "services:\n"))


def many_networks(size: int) -> Files:
    """As many networks as fit, all in use."""
    return _text(
        _repeated(size // 2, "    - n{0}\n", HEAD + "    networks:\n")
        + "networks:\n"
        + _repeated(size // 2, "  n{0}:\n")
    )


def many_volumes(size: int) -> Files:
    """As many mounts as fit."""
    return _text(_repeated(size, "    - v{0}:/t{0}\n", HEAD + "    volumes:\n"))


def many_colons(size: int) -> Files:
    """A port and a mount that are nothing but separators."""
    return _stack("volumes: ['" + ":" * (size // 2) + "']", "ports: ['" + ":" * (size // 2) + "']")


def long_scalars(size: int) -> Files:
    """One value of everything that is parsed, as long as it can be."""
    keys = {
        "cpus": "1",
        "mem_limit": "1",
        "stop_grace_period": "1s",
        "command": "'a' ",
        "extra_hosts": "a=",
        "environment": "[a=",
        "image": "x",
        "healthcheck": "{interval: 1",
        "ports": "['1-",
        "devices": "['/a:",
        "container_name": "a",
        "platform": "a/",
    }
    part = size // len(keys)
    closing = {"[": "]", "{": "}"}
    lines = [
        f"{key}: {text + '9' * part + (chr(39) if text[1:2] == chr(39) else '') + closing.get(text[0], '')}"
        for key, text in keys.items()
        if key not in ("image", "command")
    ]
    return _stack(*lines, "command: " + '"' + "'a' " * (part // 4) + '"')


def long_numbers(size: int) -> Files:
    """Numbers of very many digits."""
    return _stack(f"cpus: {'9' * (size // 3)}", f"scale: {'1' * (size // 3)}", f"x-a: 0x{'f' * (size // 3)}")


def long_durations(size: int) -> Files:
    """A duration of very many parts."""
    return _stack(f"stop_grace_period: {'1h' * (size // 2)}")


def block_scalars(size: int) -> Files:
    """A text of very many lines."""
    return _stack("command: |\n" + "      a\n" * (size // 8))


def long_text_of_controls(size: int) -> Files:
    """A text in which everything has to be escaped."""
    return _stack('command: ["' + "\\0" * (size // 2) + '"]')


def cycle_of_dependencies(size: int) -> Files:
    """A circle of all services."""
    count = size // 40
    return _text(
        "services:\n"
        + "".join(f"  s{number}: {{image: x, depends_on: [s{(number + 1) % count}]}}\n" for number in range(count))
    )


def everybody_depends_on_everybody(size: int) -> Files:
    """As many edges as fit, no circle."""
    count = int((size / 4) ** 0.5)
    return _text(
        "services:\n"
        + "".join(
            f"  s{number}: {{image: x, depends_on: [{','.join(f's{other}' for other in range(number))}]}}\n"
            for number in range(count)
        )
    )


def same_container_names(size: int) -> Files:
    """Every service wants one container name."""
    return _text(_repeated(size, "  s{0}: {{image: x, container_name: one}}\n", "services:\n"))


def nothing_but_commas(size: int) -> Files:
    """No YAML at all."""
    return _text("," * size)


def nothing_but_spaces(size: int) -> Files:
    """Blank."""
    return _text(" " * size)


def nothing_but_percents(size: int) -> Files:
    """Directives."""
    return _text("%A b\n" * (size // 5) + "---\n" + HEAD)


def tag_directives(size: int) -> Files:
    """As many tag handles as fit."""
    return _text(_repeated(size, "%TAG !{0}! x\n") + "---\n" + HEAD)


def resets(size: int) -> Files:
    """As many `!reset` as fit, in the second document."""
    return _text(
        _repeated(size // 2, "    k{0}: x\n", "x-a:\n")
        + HEAD
        + "---\n"
        + _repeated(size // 2, "  k{0}: !reset\n", "x-a:\n")
    )


def resets_in_extends(size: int) -> Files:
    """As many resets as fit, each of which every service drops."""
    services = "".join(f"  s{number}: {{extends: b, image: !reset }}\n" for number in range(size // 40))
    return _text("services:\n  b: {image: x}\n" + services)


ATTACKS: Mapping[str, Callable[[int], Files]] = {
    name: make
    for name, make in list(globals().items())
    if not name.startswith("_") and name.islower() and callable(make) and getattr(make, "__module__", "") == __name__
}
