"""What an API server refuses of a CronJob's schedule although its scheduler could read it (batch/validation).

Called with a line that `parse` took, by whoever writes a manifest.
"""

import re

from stackferry.grammar.regex import regex

_PART = regex(r"(?!-)[A-Za-z._0-9+-]{1,14}", re.ASCII)


def refusal(text: str, timezone: str = "") -> str:
    """Why no CronJob is made of this schedule and time zone (`spec.schedule`, `spec.timeZone`); empty if one is."""
    if "TZ" in text:
        return "Kubernetes does not accept a time zone in a CronJob's schedule: use `timezone`"
    parts = timezone.split("/") if timezone else []
    if timezone.lower() == "local":
        return "a CronJob's time zone must be an IANA name, not Local"
    if any(part in (".", "..") or not _PART.fullmatch(part) for part in parts):
        return f"Kubernetes does not accept the time zone {timezone}"
    return ""
