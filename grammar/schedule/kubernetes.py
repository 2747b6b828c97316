"""CronJob schedules that the API server refuses although its scheduler could parse them (batch/validation).

Called by code that writes manifests, with a line that `parse` accepted.
"""

import re

from stackferry.grammar.regex import regex

_PART = regex(r"(?!-)[A-Za-z._0-9+-]{1,14}", re.ASCII)


def refusal(text: str, timezone: str = "") -> str:
    """Why the API server refuses this schedule and time zone (`spec.schedule`, `spec.timeZone`); else empty."""
    if "TZ" in text:
        return "Kubernetes does not accept a time zone in a CronJob's schedule: use `timezone`"
    parts = timezone.split("/") if timezone else []
    if timezone.lower() == "local":
        return "a CronJob's time zone must be an IANA name, not Local"
    if any(part in (".", "..") or not _PART.fullmatch(part) for part in parts):
        return f"Kubernetes does not accept the time zone {timezone}"
    return ""
