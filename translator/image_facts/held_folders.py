"""Folders of images that hold files which their programs need: a claim mounted there would hide them.

Docker copies such files into a new volume first. Folders that the image's entrypoint fills (wordpress, nextcloud,
ghost, joomla, jenkins, databases), or that it creates if missing, are not in the table: an empty claim will do.
"""

import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING

from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.files import is_within
from stackferry.translator.host import Host
from stackferry.translator.image_facts.local_build import built_stage
from stackferry.translator.image_facts.reference import name_and_tag

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Stage
    from stackferry.grammar.dockerfile.facts.step import Step

_ELASTICSEARCH = ("/usr/share/elasticsearch/config", "/usr/share/elasticsearch/plugins")
_KIBANA = ("/usr/share/kibana/config", "/usr/share/kibana/plugins")
_LOGSTASH = ("/usr/share/logstash/config", "/usr/share/logstash/pipeline")
_GRAFANA = ("/etc/grafana", "/usr/share/grafana")
_KEYCLOAK = ("/opt/keycloak/conf", "/opt/keycloak/themes", "/opt/keycloak/providers", "/opt/keycloak/lib")
_DRUPAL = ("/opt/drupal", *(f"/var/www/html/{one}" for one in ("modules", "profiles", "sites", "themes")))
_NGINX = ("/usr/share/nginx/html", "/etc/nginx")

FOLDERS: Mapping[str, tuple[str, ...]] = {
    "caddy": ("/etc/caddy", "/usr/share/caddy"),
    "docker.elastic.co/elasticsearch/elasticsearch": _ELASTICSEARCH,
    "docker.elastic.co/kibana/kibana": _KIBANA,
    "docker.elastic.co/logstash/logstash": _LOGSTASH,
    "drupal": _DRUPAL,
    "eclipse-mosquitto": ("/mosquitto/config",),
    "elasticsearch": _ELASTICSEARCH,
    "freeradius/freeradius-server": ("/etc/freeradius", "/etc/raddb"),
    "grafana/grafana": _GRAFANA,
    "grafana/grafana-enterprise": _GRAFANA,
    "grafana/grafana-oss": _GRAFANA,
    "haproxy": ("/usr/local/etc/haproxy",),
    "httpd": ("/usr/local/apache2/htdocs", "/usr/local/apache2/conf"),
    "jetty": ("/var/lib/jetty",),
    "keycloak/keycloak": _KEYCLOAK,
    "kibana": _KIBANA,
    "logstash": _LOGSTASH,
    "mariadb": ("/etc/mysql",),
    "mediawiki": ("/var/www/html",),
    "mysql": ("/etc/mysql", "/etc/my.cnf.d"),
    "nginx": _NGINX,
    "nginxinc/nginx-unprivileged": _NGINX,
    "odoo": ("/etc/odoo",),
    "openresty/openresty": ("/usr/local/openresty/nginx", "/etc/nginx/conf.d"),
    "php": ("/usr/local/etc",),
    "prom/alertmanager": ("/etc/alertmanager",),
    "prom/prometheus": ("/etc/prometheus",),
    "quay.io/keycloak/keycloak": _KEYCLOAK,
    "rabbitmq": ("/etc/rabbitmq", "/opt/rabbitmq"),
    "redmine": ("/usr/src/redmine/plugins", "/usr/src/redmine/public"),
    "sonarqube": ("/opt/sonarqube/conf", "/opt/sonarqube/extensions", "/opt/sonarqube/lib"),
    "squidfunk/mkdocs-material": ("/docs",),
    "tomcat": ("/usr/local/tomcat/conf", "/usr/local/tomcat/lib"),
    "ubuntu/squid": ("/etc/squid",),
}
"""By image name: folders without whose files the program does not start, or has nothing to serve."""

_DEPENDENCIES = frozenset(("node_modules", "vendor", ".venv", "venv", "bower_components", ".next", "_build", "deps"))
"""Folders that a build fills with the program itself."""


def holds(service: Service, target: str, host: Host) -> bool:
    """Whether the service's image is known to hold files at `target` that the service needs."""
    place = posixpath.normpath(target)
    if service.build is None:
        return _in_table(service.image, place)
    if posixpath.basename(place) in _DEPENDENCIES:
        return True
    stage = built_stage(service, host)
    return stage is not None and (_copied(stage, place) or _in_table(stage.root.image, place))


def _in_table(reference: str | None, place: str) -> bool:
    folders = FOLDERS.get(name_and_tag(reference)[0], ()) if reference else ()
    return any(is_within(place, folder) or is_within(folder, place) for folder in folders)


def _copied(stage: "Stage", place: str) -> bool:
    """Whether COPY or ADD puts files there, in this stage or in a stage that it is built on."""
    steps = (step for part in stage.lineage for step in part.steps if step.keyword in ("COPY", "ADD"))
    destinations = filter(None, map(_destination, steps))
    return any(is_within(destination, place) for destination in destinations)


def _destination(step: "Step") -> str | None:
    words = step.instruction.json or step.instruction.words
    if len(words) < 2:
        return None
    text = step.expanded(words[-1].text)
    if text is None:
        return None
    if not text.startswith("/"):
        if step.workdir is None:
            return None
        text = posixpath.join("/", step.workdir, text)
    return posixpath.normpath(text)
