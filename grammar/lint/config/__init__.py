"""Configurations: ours in TOML, hadolint's in YAML and in variables; where they are found; how one becomes the other.

find_config.py -> toml_config.py                       -> config.py
               -> hadolint_file.py, hadolint_config.py ->
"""
