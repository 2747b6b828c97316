"""What happens after a stack is deployed.

Waiting for it, showing its output, staying in the foreground or leaving a manager.
"""
