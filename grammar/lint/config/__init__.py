"""Configurations: ours in TOML, hadolint's in YAML and in variables; finding, reading and migrating them.

find_config.py -> toml_config.py                       -> config.py
               -> hadolint_file.py, hadolint_config.py ->
"""
