"""The vocabulary of the table of fates. The values are `grammar/fates.py`'s; places are ours.

A place begins with a role (`workload`, `template`, `pod`, `container`, `service`, `published`, `aliases`,
`budget`, `claim`, `configs`, `secrets`, `environment`, `env_file`, `env_file_secret`, `schedule`, `before`, `last`);
then fields of the object follow, with `[name={key}]` to pick from a list; `{key}`, `{target}` and `{protocol}` come
from the model.
`explanation.py` looks the places up in the manifests that were made.
"""

from stackferry.grammar.fates import Fate, Section, about, action, exact, holder, later, loaded, nothing, throughout

__all__ = ["Fate", "Section", "about", "action", "exact", "holder", "later", "loaded", "nothing", "throughout"]
