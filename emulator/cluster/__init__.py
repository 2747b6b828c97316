"""The values that all other packages pass around.

Services, tasks, nodes, specs and states. They are frozen, and can be converted to plain data.
"""
