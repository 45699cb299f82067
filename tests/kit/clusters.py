"""Embedded PostgreSQL servers of the tests: initdb runs once a run, each server starts on a copy of its result."""

import shutil
import tempfile
from pathlib import Path

import pytest
from fasteners import InterProcessLock

from postgres.embedded_server import EmbeddedServer

_FOLDER = pytest.StashKey[str]()


def make_run_folder(config):
    """Make the folder that all workers of this run share; a worker gets its path from the controller.

    It is not in pytest's own folder: each start of pytest closes that one to the system user of PostgreSQL.
    """
    if not _is_worker(config):
        config.stash[_FOLDER] = tempfile.mkdtemp(prefix="technic-tests-")


def share_run_folder(node):
    """Send the folder's path to a worker that is about to start."""
    node.workerinput["run_folder"] = node.config.stash[_FOLDER]


def remove_run_folder(config):
    """Remove the folder at the end of the run."""
    if not _is_worker(config):
        shutil.rmtree(config.stash[_FOLDER], ignore_errors=True)


def run_folder(config):
    """Return the folder that all workers of this run share."""
    return Path(config.workerinput["run_folder"] if _is_worker(config) else config.stash[_FOLDER])


def template_cluster(folder):
    """Return the stopped cluster in the run's folder that other servers start on copies of; make it once."""
    template = folder / "template" / "cluster"
    with InterProcessLock(folder / "template.lock"):
        if not template.exists():
            with EmbeddedServer(template.parent, durable=False):
                pass
    return template


def shared_server_folder(folder):
    """Return the data folder of the server that all workers of this run share; make it once."""
    shared = folder / "shared"
    template = template_cluster(folder)
    with InterProcessLock(folder / "shared.lock"):
        if not shared.exists():
            copy_cluster(template, shared)
    return shared


def copy_cluster(template, data_dir):
    """Put a copy of the template into a server's folder; root's copy gets its owner when the server starts."""
    shutil.copytree(template, Path(data_dir) / "cluster")


def _is_worker(config):
    return hasattr(config, "workerinput")
