"""The agent: turns decisions about tasks into engine calls, and what it sees on the engine into task states."""
