"""Embedded PostgreSQL servers of the tests: initdb runs once per run, each server starts on a copy of its result."""

import shutil
import tempfile
from pathlib import Path

import pytest
from fasteners import InterProcessLock

from postgres.embedded_server import EmbeddedServer

_FOLDER = pytest.StashKey[str]()


def make_run_folder(config):
    """Create the folder shared by all workers of a run; workers get its path from the controller.

    It is outside pytest's folder, which each start of pytest closes to PostgreSQL's system user.
    """
    if not _is_worker(config):
        config.stash[_FOLDER] = tempfile.mkdtemp(prefix="technic-tests-")


def share_run_folder(node):
    """Send the folder's path to a starting worker."""
    node.workerinput["run_folder"] = node.config.stash[_FOLDER]


def remove_run_folder(config):
    """Remove the folder at the end of the run."""
    if not _is_worker(config):
        shutil.rmtree(config.stash[_FOLDER], ignore_errors=True)


def run_folder(config):
    """Return the folder shared by all workers of this run."""
    return Path(config.workerinput["run_folder"] if _is_worker(config) else config.stash[_FOLDER])


def template_cluster(folder):
    """Return the stopped template cluster of this run; create it on the first call."""
    template = folder / "template" / "cluster"
    with InterProcessLock(folder / "template.lock"):
        if not template.exists():
            with EmbeddedServer(template.parent, durable=False):
                pass
    return template


def shared_server_folder(folder):
    """Return the data folder of the server shared by all workers; create it on the first call."""
    shared = folder / "shared"
    template = template_cluster(folder)
    with InterProcessLock(folder / "shared.lock"):
        if not shared.exists():
            copy_cluster(template, shared)
    return shared


def copy_cluster(template, data_dir):
    """Copy the template to a server's folder; root's copy gets its owner when the server starts."""
    shutil.copytree(template, Path(data_dir) / "cluster")


def _is_worker(config):
    return hasattr(config, "workerinput")
