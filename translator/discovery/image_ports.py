"""Ports on which well-known images listen, by repository name: the ports that they expose or that their manual names.

The registry and the owner do not matter (`docker.io/bitnami/redis`, `ghcr.io/me/redis`); a few names are used by other
images too and are listed with their owner. A rule may require a word in the tag: `php` listens only with `fpm`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from stackferry.grammar.dockerfile.facts.images import image
from stackferry.translator.discovery.known_port import PROTOCOLS, KnownPort

_PORTS: dict[str, str] = {
    # databases
    **dict.fromkeys(("postgres", "postgresql", "postgis", "timescaledb", "timescaledb-ha", "pgvector"), "5432"),
    **dict.fromkeys(("pgvecto-rs", "supabase/postgres", "spilo-17", "cloudnative-vectorchord"), "5432"),
    **dict.fromkeys(("mysql", "mysql-server", "mariadb", "mariadb-galera", "percona", "percona-server"), "3306"),
    **dict.fromkeys(("redis", "redis-stack-server", "valkey", "keydb", "dragonfly", "redis-alpine"), "6379"),
    "redis-stack": "6379 8001",
    "memcached": "11211",
    **dict.fromkeys(("mongo", "mongodb", "mongodb-community-server", "percona-server-mongodb", "ferretdb"), "27017"),
    "cassandra": "9042 7000 7001",
    "scylla": "9042 7000 7001",
    "couchdb": "5984",
    "couchbase": "8091 8092 8093 8094 11210",
    "neo4j": "7474 7687",
    "rethinkdb": "28015 8080",
    "arangodb": "8529",
    "cockroach": "26257 8080",
    "influxdb": "8086",
    "questdb": "9000 8812 9009",
    **dict.fromkeys(("clickhouse", "clickhouse-server"), "8123 9000"),
    "victoria-metrics": "8428",
    "mssql/server": "1433",
    "azure-sql-edge": "1433",
    "pgbouncer": "5432 6432",
    "surrealdb": "8000",
    "gvenzl/oracle-free": "1521",
    "gvenzl/oracle-xe": "1521",
    # search and vectors
    "elasticsearch": "9200 9300",
    "opensearch": "9200 9300 9600",
    "kibana": "5601",
    "opensearch-dashboards": "5601",
    "logstash": "5044 9600",
    "solr": "8983",
    "meilisearch": "7700",
    "typesense": "8108",
    "manticore": "9306 9308",
    "qdrant": "6333 6334",
    "weaviate": "8080",
    "chroma": "8000",
    "milvus": "19530 9091",
    # queues
    "rabbitmq": "5672 4369 25672",
    "nats": "4222 8222 6222",
    **dict.fromkeys(("kafka", "cp-kafka", "cp-server", "bitnami/kafka"), "9092"),
    "redpanda": "9092 9644 8081 8082",
    "zookeeper": "2181 2888 3888",
    "cp-zookeeper": "2181 2888 3888",
    "cp-schema-registry": "8081",
    "activemq-artemis": "61616 8161",
    "eclipse-mosquitto": "1883",
    "emqx": "1883 8083 8084 18083",
    "pulsar": "6650 8080",
    "nsq": "4150 4151 4160 4161 4170 4171",
    "beanstalkd": "11300",
    # web servers and proxies
    **dict.fromkeys(("nginx", "openresty", "nginx-proxy", "httpd", "phpmyadmin", "drupal", "joomla", "matomo"), "80"),
    "nginx-unprivileged": "8080",
    "caddy": "80 443",
    "caddy-docker-proxy": "80 443",
    "traefik": "80 8080",
    "envoy": "10000",
    "squid": "3128",
    "varnish": "80",
    "tomcat": "8080",
    "jetty": "8080",
    "swag": "80 443",
    "nginx-proxy-manager": "80 81 443",
    # monitoring
    "grafana": "3000",
    "grafana-oss": "3000",
    "grafana-enterprise": "3000",
    "prometheus": "9090",
    "alertmanager": "9093",
    "pushgateway": "9091",
    "node-exporter": "9100",
    "blackbox-exporter": "9115",
    "redis_exporter": "9121",
    "postgres-exporter": "9187",
    "mysqld-exporter": "9104",
    "cadvisor": "8080",
    "loki": "3100",
    "tempo": "3200",
    "jaegertracing/all-in-one": "16686 4317 4318 14268 14250 9411 6831/udp",
    "zipkin": "9411",
    "opentelemetry-collector": "4317 4318",
    "opentelemetry-collector-contrib": "4317 4318",
    "statsd": "8125/udp 8126",
    "graphite-statsd": "80 2003 2004 8125/udp 8126",
    "uptime-kuma": "3001",
    "netdata": "19999",
    "zabbix-server-mysql": "10051",
    "zabbix-server-pgsql": "10051",
    # storage and secrets
    "minio": "9000 9001",
    "azurite": "10000 10001 10002",
    "localstack": "4566",
    "localstack-pro": "4566",
    "vault": "8200",
    "consul": "8500 8600 8600/udp 8300 8301 8301/udp",
    "etcd": "2379 2380",
    "registry": "5000",
    "nexus3": "8081",
    "seaweedfs": "8333 8888 9333",
    # applications
    "adminer": "8080",
    "pgadmin4": "80",
    "mongo-express": "8081",
    "redis-commander": "8081",
    "redisinsight": "5540",
    "mailhog": "1025 8025",
    "mailpit": "1025 8025",
    "maildev": "1025 1080",
    "mailcatcher": "1025 1080",
    "wordpress": "80",
    "nextcloud": "80",
    "ghost": "2368",
    "gitea": "3000 22",
    "forgejo": "3000 22",
    "gitlab-ce": "80 443 22",
    "gitlab-ee": "80 443 22",
    "jenkins": "8080 50000",
    "sonarqube": "9000",
    "keycloak": "8080",
    "authelia": "9091",
    "vaultwarden": "80",
    "vaultwarden/server": "80",
    "portainer-ce": "9000 9443 8000",
    "odoo": "8069 8072",
    "redmine": "3000",
    "metabase": "3000",
    "n8n": "5678",
    "home-assistant": "8123",
    "plausible": "8000",
    "umami": "3000",
    "rocket.chat": "3000",
    "mattermost-team-edition": "8065",
    "mediawiki": "80",
    "dokuwiki": "80",
    "bookstack": "80",
    "directus": "8055",
    "strapi": "1337",
    "hasura/graphql-engine": "8080",
    "postgrest": "3000",
    "airflow": "8080",
    "superset": "8088",
    "ollama": "11434",
    "open-webui": "8080",
    "searxng": "8080",
    "gotenberg": "3000",
    "browserless/chrome": "3000",
    "standalone-chrome": "4444 7900",
    "standalone-firefox": "4444 7900",
    "standalone-chromium": "4444 7900",
    "selenium/hub": "4442 4443 4444",
    "wiremock": "8080",
    "swagger-ui": "8080",
    "docker-socket-proxy": "2375",
    "socket-proxy": "2375",
    "tika": "9998",
    "whoami": "80",
    "http-echo": "5678",
    "openldap": "389 636",
    "pihole": "80 53 53/udp",
    "adguardhome": "3000 80 53 53/udp",
    "unbound": "53 53/udp",
    "coredns": "53 53/udp",
    "coturn": "3478 3478/udp",
    "temporalio/auto-setup": "7233",
    "temporalio/ui": "8080",
}
_BY_TAG: dict[str, tuple[tuple[str, str], ...]] = {
    # repository: (a word of the tag, the ports that apply then)
    "php": (("fpm", "9000"), ("apache", "80")),
    "wordpress": (("fpm", "9000"),),
    "nextcloud": (("fpm", "9000"),),
    "drupal": (("fpm", "9000"),),
    "joomla": (("fpm", "9000"),),
    "matomo": (("fpm", "9000"),),
    "phpmyadmin": (("fpm", "9000"),),
    "rabbitmq": (("management", "5672 15672 4369 25672"),),
    "docker": (("dind", "2375 2376"),),
}


class _Rule(NamedTuple):
    name: str
    ports: tuple[tuple[int, str], ...]


def ports_of_image(reference: str) -> Iterator[KnownPort]:
    """The ports on which the image listens, from the table; none if it is not in it."""
    rule = _rule(reference)
    if rule is not None:
        for number, protocol in rule.ports:
            yield KnownPort(number, protocol, f"image {rule.name}")


def _rule(reference: str) -> _Rule | None:
    parts = image(reference)
    path = parts.path.lower()
    segments = path.split("/")
    tag = (parts.tag or "").lower()
    for name in ("/".join(segments[-2:]), segments[-1]):
        said = next((ports for word, ports in _BY_TAG.get(name, ()) if word in tag.split("-")), _PORTS.get(name))
        if said is not None:
            return _Rule(name, tuple(map(_port, said.split())))
    return None


def _port(text: str) -> tuple[int, str]:
    number, _, protocol = text.partition("/")
    return int(number), PROTOCOLS[protocol or "tcp"]
