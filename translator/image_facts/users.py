"""The (uid, gid) as which well-known images write their data.

Only images whose Dockerfile says so: by USER, or by the user to whom root's entrypoint steps down. Keys of the inner
tables are parts of tags; the empty key is for all other tags.
"""

from collections.abc import Mapping

Numbers = tuple[int, int]


def _all(user: int, group: int | None = None) -> Mapping[str, Numbers]:
    return {"": (user, user if group is None else group)}


_ELASTIC = _all(1000, 0)
_POSTGRES = {"alpine": (70, 70), "": (999, 999)}
_REDIS = {"alpine": (999, 1000), "": (999, 999)}

IDENTITIES: Mapping[str, Mapping[str, Numbers]] = {
    "apache/kafka": _all(1000),
    "clickhouse/clickhouse-server": _all(101),
    "confluentinc/cp-kafka": _all(1000),
    "confluentinc/cp-zookeeper": _all(1000),
    "docker.elastic.co/elasticsearch/elasticsearch": _ELASTIC,
    "docker.elastic.co/kibana/kibana": _ELASTIC,
    "docker.elastic.co/logstash/logstash": _ELASTIC,
    "eclipse-mosquitto": _all(1883),
    "elasticsearch": _ELASTIC,
    "gitea/gitea": {"rootless": (1000, 1000)},
    "codeberg.org/forgejo/forgejo": {"rootless": (1000, 1000)},
    "grafana/grafana": _all(472, 0),
    "grafana/grafana-enterprise": _all(472, 0),
    "grafana/grafana-oss": _all(472, 0),
    "grafana/loki": _all(10001),
    "grafana/mimir": _all(10001),
    "grafana/tempo": _all(10001),
    "hashicorp/consul": _all(100, 1000),
    "hashicorp/vault": _all(100, 1000),
    "influxdb": {"alpine": (1000, 1000), "": (1000, 1000)},
    "jenkins/jenkins": _all(1000),
    "keycloak/keycloak": _all(1000, 0),
    "kibana": _ELASTIC,
    "logstash": _ELASTIC,
    "mariadb": _all(999),
    "mongo": _all(999),
    "mysql": _all(999),
    "n8nio/n8n": _all(1000),
    "docker.n8n.io/n8nio/n8n": _all(1000),
    "nodered/node-red": _all(1000),
    "opensearchproject/opensearch": _all(1000),
    "opensearchproject/opensearch-dashboards": _all(1000),
    "percona": _all(1001),
    "postgis/postgis": _POSTGRES,
    "postgres": _POSTGRES,
    "prom/alertmanager": _all(65534),
    "prom/prometheus": _all(65534),
    "pgvector/pgvector": _all(999),
    "quay.io/keycloak/keycloak": _all(1000, 0),
    "quay.io/prometheus/alertmanager": _all(65534),
    "quay.io/prometheus/prometheus": _all(65534),
    "rabbitmq": {"alpine": (100, 101), "": (999, 999)},
    "redis": _REDIS,
    "redis/redis-stack-server": _all(999),
    "solr": _all(8983),
    "sonarqube": _all(1000, 0),
    "sonatype/nexus3": _all(200),
    "timescale/timescaledb": {"": (70, 70)},
    "valkey/valkey": _REDIS,
    "vault": _all(100, 1000),
    "zookeeper": _all(1000),
}
"""By image name."""

VENDORS: Mapping[str, Mapping[str, Numbers]] = {
    "bitnami": _all(1001),
    "bitnamilegacy": _all(1001),
}
"""By the first part of the name, for publishers whose images all run as the same user."""
