"""Differences between greenlets (gevent) and threads in this process."""

import select
from functools import cache


@cache
def under_gevent():
    """True if gevent has patched the standard library of this process."""
    try:
        from gevent import monkey
    except ImportError:  # Not installed on Windows.
        return False
    return monkey.is_module_patched("socket")


def off_the_loop(function, *args):
    """Run CPU-bound code; under gevent in a native thread, so that other requests continue."""
    return _native_pool().apply(function, args) if under_gevent() else function(*args)


def wait_ready(descriptor, writing, seconds):
    """Wait until a socket is readable (or writable); return False on timeout. Greenlets yield meanwhile."""
    if under_gevent():
        return _greenlet_wait(descriptor, writing, seconds)
    if not hasattr(select, "poll"):  # On Windows there are few connections, so descriptors are small.
        sockets = [descriptor]
        return any(select.select(sockets if not writing else [], sockets if writing else [], [], seconds))
    poller = select.poll()
    poller.register(descriptor, select.POLLOUT if writing else select.POLLIN)
    return bool(poller.poll(seconds * 1000))


def _greenlet_wait(descriptor, writing, seconds):
    """Do the same as gevent's `select.poll`, at a fraction of its cost."""
    from gevent import socket

    wait = socket.wait_write if writing else socket.wait_read
    try:
        wait(descriptor, timeout=seconds, timeout_exc=TimeoutError())
    except TimeoutError:
        return False
    return True


@cache
def _native_pool():
    from gevent.threadpool import ThreadPool

    return ThreadPool(1)
