"""A few operations at a time, and slow ones do not delay the others."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from stackferry.emulator.agent.turns import Turns


def test_no_more_than_so_many_at_a_time() -> None:
    turns, lock = Turns(3, 60.0), threading.Lock()
    inside, most = 0, 0

    def work(_: int) -> None:
        nonlocal inside, most
        with turns:
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.002)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(work, range(60)))
    assert most == 3


def test_once_one_takes_long_all_begin() -> None:
    turns, open_, inside = Turns(2, 0.05), threading.Event(), threading.Semaphore(0)

    def wait(_: int) -> None:
        with turns:
            inside.release()
            assert open_.wait(30)

    with ThreadPoolExecutor(7) as pool:
        waiting = [pool.submit(wait, number) for number in range(7)]
        assert all(inside.acquire(timeout=30) for _ in range(7))
        open_.set()
        for future in waiting:
            future.result()


def test_a_turn_ends_with_an_error_too() -> None:
    turns = Turns(1, 60.0)
    for _ in range(3):
        try:
            with turns:
                raise ValueError
        except ValueError:
            pass
