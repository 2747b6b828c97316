"""The systemd user unit that `manager unit` prints: one instance per stack, `stackferry@shop.service`."""

import sys

_UNIT = """\
# ~/.config/systemd/user/stackferry@.service
#   systemctl --user enable --now stackferry@STACK    for each stack
#   loginctl enable-linger                            to start at boot, before anybody logs in
[Unit]
Description=stackferry manager of %i
After=docker.service

[Service]
ExecStart={python} -P -m stackferry manager run %i
Restart=on-failure
RestartSec=2
# The manager may die at any time; the containers are the engine's and stay.
KillMode=process

[Install]
WantedBy=default.target
"""


def systemd_unit() -> str:
    """The unit, with this installation's interpreter."""
    return _UNIT.format(python=sys.executable)
