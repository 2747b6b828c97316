from stackferry.emulator.fake.clock import VirtualClock


def test_things_happen_at_their_moments_in_order() -> None:
    clock, seen = VirtualClock(), []
    clock.at(2.0, lambda: seen.append(("two", clock.now)))
    clock.at(1.0, lambda: clock.at(clock.now + 0.5, lambda: seen.append(("more", clock.now))))
    clock.at(2.0, lambda: seen.append(("also two", clock.now)))
    clock.at(9.0, lambda: seen.append(("nine", clock.now)))
    assert clock.next() == 1.0

    clock.advance(5.0)

    assert seen == [("more", 1.5), ("two", 2.0), ("also two", 2.0)]
    assert (clock.now, clock.next()) == (5.0, 9.0)


def test_the_past_is_now() -> None:
    clock, seen = VirtualClock(now=3.0), []
    clock.at(1.0, lambda: seen.append(clock.now))

    clock.advance(0.0)

    assert seen == [3.0]
