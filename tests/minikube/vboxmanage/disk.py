"""`convertfromraw stdin FILE BYTES --format VMDK`: the machine's disk, from what minikube pipes."""

import sys

BLOCK = 1 << 20


def convertfromraw(words: list[str]) -> str:
    """Write a raw and sparse file, whatever its name says: a loop device can use it."""
    path, size = words[2], int(words[3])
    at, zeros = 0, bytes(BLOCK)
    with open(path, "wb") as stream:
        while block := sys.stdin.buffer.read(BLOCK):
            if block != zeros[: len(block)]:
                stream.seek(at)
                stream.write(block)
            at += len(block)
        stream.truncate(size)
    sys.stderr.write(f'Converting from raw image file="stdin" to file="{path}"...\n')
    sys.stderr.write(f"Creating dynamic image with size {size} bytes ({size >> 20}MB)...\n")
    return ""
