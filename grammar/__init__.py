"""The front end: text to AST to the intermediate model. Imports lark and pyyaml only."""
