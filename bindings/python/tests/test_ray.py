"""Photos in Ray Data, on a cluster of two nodes."""

import pytest

from engines import finish, start, wait_for_first

# Ray's, and none of ours.
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture
def cluster(monkeypatch):
    """Two nodes of one core each, on this machine. The first is the one that must not die."""
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    from ray.cluster_utils import Cluster

    cluster = Cluster()
    for _ in range(2):
        cluster.add_node(num_cpus=1, object_store_memory=256 << 20, include_dashboard=False)
    yield cluster
    cluster.shutdown()


def test_example_survives_a_node(uploads, tmp_path, cluster):
    photos = tmp_path / "photos"
    program = start("on_ray.py", uploads.folder, photos, RAY_ADDRESS=cluster.address)
    wait_for_first(photos, program)
    _, other = cluster.list_all_nodes()
    cluster.remove_node(other, allow_graceful=False)
    finish(program)
    uploads.assert_made(photos)
