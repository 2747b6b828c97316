"""The values everything else passes around.

Services, tasks, nodes, specs, states; frozen, and plain data on request.
"""
