"""Typer's option parser with docker's switches: `--detach=false`, `-d=false`, with the words of Go's ParseBool."""

from stackferry.options.carried_click import BadOptionUsage, OptionParser, ParsingState

TRUE, FALSE = ("1", "t", "T", "true", "TRUE", "True"), ("0", "f", "F", "false", "FALSE", "False")


class SwitchParser(OptionParser):
    """A parser that accepts a truth value after a switch."""

    def _process_opts(self, arg: str, state: ParsingState) -> None:
        name, found, text = arg.partition("=")
        option = self._long_opt.get(name) or self._short_opt.get(name)
        if not found or option is None or option.takes_value or not isinstance(option.const, bool):
            super()._process_opts(arg, state)
        elif text in TRUE:
            super()._process_opts(name, state)
        elif text in FALSE and option.dest:
            state.opts[option.dest] = not option.const
            state.order.append(option.obj)
        else:
            raise BadOptionUsage(name, f"Invalid value for '{name}': '{text}' is neither true nor false.")
