"""The default port of an address that names only a protocol, by the scheme of a URL or the name of a variable."""

from collections.abc import Mapping

BY_SCHEME: Mapping[str, int] = {
    "http": 80,
    "https": 443,
    "ws": 80,
    "wss": 443,
    "ftp": 21,
    "sftp": 22,
    "ssh": 22,
    "smtp": 25,
    "smtps": 465,
    "ldap": 389,
    "ldaps": 636,
    "imap": 143,
    "imaps": 993,
    "redis": 6379,
    "rediss": 6379,
    "valkey": 6379,
    "postgres": 5432,
    "postgresql": 5432,
    "pgsql": 5432,
    "cockroachdb": 26257,
    "timescaledb": 5432,
    "mysql": 3306,
    "mysqli": 3306,
    "mysql2": 3306,
    "mariadb": 3306,
    "mongodb": 27017,
    "sqlserver": 1433,
    "mssql": 1433,
    "amqp": 5672,
    "amqps": 5671,
    "pyamqp": 5672,
    "nats": 4222,
    "mqtt": 1883,
    "mqtts": 8883,
    "stomp": 61613,
    "kafka": 9092,
    "memcached": 11211,
    "memcache": 11211,
    "clickhouse": 9000,
    "cassandra": 9042,
    "couchdb": 5984,
    "bolt": 7687,
    "neo4j": 7687,
    "rtsp": 554,
    "rtmp": 1935,
    "socks5": 1080,
    "git": 9418,
}
"""Schemes as they stand before `://`, without the suffix of a driver (`postgresql+asyncpg`)."""

_BY_WORD: Mapping[str, int] = {
    **{name: BY_SCHEME[name] for name in ("redis", "valkey", "postgres", "postgresql", "mysql", "mariadb", "mongodb")},
    **{name: BY_SCHEME[name] for name in ("nats", "kafka", "memcached", "cassandra", "clickhouse", "neo4j", "couchdb")},
    "pg": 5432,
    "pghost": 5432,
    "mongo": 27017,
    "rabbitmq": 5672,
    "rabbit": 5672,
    "amqp": 5672,
    "mqtt": 1883,
    "elasticsearch": 9200,
    "opensearch": 9200,
    "zookeeper": 2181,
    "minio": 9000,
    "ldap": 389,
}


def port_of_scheme(scheme: str) -> int | None:
    """The port of a URL without one; None if the scheme is not known."""
    return BY_SCHEME.get(scheme.lower().partition("+")[0])


def port_of_variable(name: str) -> int | None:
    """The port implied by a variable such as `REDIS_HOST`: the last word of the name that is a protocol decides."""
    words = name.lower().replace("-", "_").replace(".", "_").split("_")
    return next((_BY_WORD[word] for word in reversed(words) if word in _BY_WORD), None)
