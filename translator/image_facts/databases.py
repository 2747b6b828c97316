"""Which services are databases, and where they keep their data: files that need locks, owners and a real disk.

Such files are never put into a folder that a machine shares with its host, and never changed after they were copied to
a cluster. In doubt, an image counts as a database.
"""

import fnmatch
import posixpath
import re
from collections.abc import Iterable

from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.files import is_within
from stackferry.translator.host import Host
from stackferry.translator.image_facts.local_build import built_stage
from stackferry.translator.image_facts.reference import name_and_tag

_WORDS = frozenset(
    (
        *("postgres", "postgresql", "postgis", "pgvector", "timescaledb", "supabase", "cockroach", "cockroachdb"),
        *("mysql", "mariadb", "percona", "galera", "tidb", "vitess", "mssql", "oracle", "db2", "firebird"),
        *("mongo", "mongodb", "ferretdb", "couchdb", "couchbase", "rethinkdb", "arangodb", "orientdb", "surrealdb"),
        *("redis", "valkey", "keydb", "dragonfly", "memcached", "etcd", "consul", "zookeeper", "vault"),
        *("elasticsearch", "opensearch", "solr", "meilisearch", "typesense", "qdrant", "weaviate", "milvus", "chroma"),
        *("clickhouse", "influxdb", "questdb", "victoriametrics", "prometheus", "loki", "tempo", "mimir", "graphite"),
        *("cassandra", "scylla", "scylladb", "hbase", "neo4j", "dgraph", "janusgraph", "druid", "immudb"),
        *("kafka", "redpanda", "rabbitmq", "nats", "pulsar", "activemq", "artemis", "emqx", "minio", "seaweedfs"),
        *("grafana", "gitea", "forgejo", "gitlab", "sonarqube", "nexus3", "vaultwarden", "openldap", "ldap"),
    )
)
"""Words in the names of images that keep such files, even if only an SQLite database of their own."""

_FOLDERS = (
    *("/var/lib/postgresql", "/var/lib/mysql", "/var/lib/mariadb", "/data/db", "/data/configdb", "/var/lib/mongodb"),
    *("/var/lib/redis", "/var/lib/valkey", "/usr/share/elasticsearch/data", "/usr/share/opensearch/data"),
    *("/var/lib/clickhouse", "/var/lib/influxdb", "/var/lib/influxdb2", "/var/lib/cassandra", "/var/lib/scylla"),
    *("/var/lib/rabbitmq", "/var/lib/kafka", "/var/lib/zookeeper", "/var/lib/etcd", "/etcd-data", "/consul/data"),
    *("/var/lib/neo4j", "/var/lib/couchdb", "/opt/couchdb/data", "/opt/couchbase/var", "/var/opt/mssql", "/var/solr"),
    *("/qdrant/storage", "/meili_data", "/var/lib/milvus", "/prometheus", "/var/lib/prometheus", "/loki"),
    *("/var/lib/grafana", "/var/lib/ldap", "/cockroach/cockroach-data", "/bitnami", "/var/lib/docker"),
)
"""Where databases keep their data."""
_NO_DATA = ("/etc", "/run", "/docker-entrypoint-initdb.d", "/docker-entrypoint.d", "/usr/local/etc", "/scripts")
"""Where databases have their configuration."""

_OF_SERVERS = frozenset(
    (
        *("PG_VERSION", "postmaster.pid", "ibdata1", "ib_logfile0", "aria_log_control", "mysql.ibd", "WiredTiger"),
        *("WiredTiger.lock", "mongod.lock", "appendonlydir", "dump.rdb", "node.lock", "write.lock"),
    )
)
"""Files and folders that mark the data folder of a server."""
_OF_ANY = ("*.sqlite", "*.sqlite3", "*.db", "*.db3", "*.mdb", "*.rdb", "*.aof", "*.ibd", "*.frm", "*.wal", "*-wal")
_LOOKED_INTO = 50
"""The most folders that are searched for such files."""


def is_database(service: Service, host: Host) -> bool:
    """Whether the service's image is known as one that keeps data in such files, or has a name like one."""
    reference = service.image
    if service.build is not None:
        stage = built_stage(service, host)
        reference = stage.root.image if stage is not None else None
    if not reference:
        return False
    name, _ = name_and_tag(reference)
    return not _WORDS.isdisjoint(re.split(r"[^a-z0-9]+", name.lower()))


def holds_data(service: Service, target: str, host: Host) -> bool:
    """Whether the mount at `target` is the data of a database, not its configuration."""
    place = posixpath.normpath(target)
    if any(is_within(place, folder) for folder in _FOLDERS):
        return True
    return is_database(service, host) and not any(is_within(place, folder) for folder in _NO_DATA)


def has_server_data(folder: str, host: Host) -> bool:
    """Whether the folder of this machine holds the data of a database server."""
    return any(name in _OF_SERVERS for name in _names(folder, host))


def has_database_files(source: str, host: Host) -> bool:
    """Whether a file, or a file in or just below a folder, has a name like a database file."""
    names = _names(source, host) if host.is_dir(source) else (posixpath.basename(source),)
    return any(name in _OF_SERVERS or any(fnmatch.fnmatchcase(name.lower(), one) for one in _OF_ANY) for name in names)


def _names(folder: str, host: Host) -> Iterable[str]:
    """The names in the folder and in its subfolders."""
    names = host.names(folder)
    yield from names
    below = (posixpath.join(folder, name) for name in names)
    for candidate in [path for path in below if host.is_dir(path)][:_LOOKED_INTO]:
        yield from host.names(candidate)
