"""One manager per stack, also if others check or delete the lock at that moment."""

import fcntl
import os
import threading
from pathlib import Path

import pytest

from stackferry.emulator.manager.lock import ManagerLock, manager_pid
from stackferry.emulator.store.directories import Home


def test_the_second_one_does_not_get_it(tmp_path: Path) -> None:
    place = Home(tmp_path / "shop")
    first, second = ManagerLock(place), ManagerLock(place)

    assert first.acquire()
    assert not second.acquire()
    assert manager_pid(place) == os.getpid()

    first.release()
    assert manager_pid(place) is None
    assert second.acquire()


def test_who_only_looks_does_not_keep_a_manager_out(tmp_path: Path) -> None:
    place = Home(tmp_path)
    looking = os.open(place.lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(looking, fcntl.LOCK_SH)
    threading.Timer(0.05, os.close, (looking,)).start()

    assert ManagerLock(place).acquire()


def test_a_lock_on_a_file_that_was_removed_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Home(tmp_path / "shop")
    real = fcntl.flock

    def removed_meanwhile(file: int, operation: int) -> None:
        real(file, operation)
        if operation & fcntl.LOCK_EX:
            monkeypatch.setattr(fcntl, "flock", real)
            place.lock.unlink()

    monkeypatch.setattr(fcntl, "flock", removed_meanwhile)
    lock = ManagerLock(place)

    assert lock.acquire()
    assert manager_pid(place) == os.getpid()


def test_a_full_disk_keeps_no_manager_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    place = Home(tmp_path)
    monkeypatch.setattr(os, "pwrite", full)

    assert ManagerLock(place).acquire()
    assert manager_pid(place) == 0
