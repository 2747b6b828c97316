"""All texts of a stack have the new names, and the report says so."""

from stackferry.grammar.compose.model.attachments import EnvFile, FileReference, Hook, Mount
from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.model.container import PreStart
from stackferry.grammar.compose.model.resources import Config
from stackferry.grammar.compose.model.runtime import Healthcheck
from tests.translator.making import HERE, body_of, codes, container, note, service, translated

DB = service("my_db", image="postgres:17")


def test_what_the_compose_file_says() -> None:
    app = service(
        environment={"URL": "postgres://my_db/x", "DB_HOST": "my_db"},
        command=("serve", "--db-host", "my_db", "my_db:5432"),
        entrypoint=("wait-for", "my_db:5432"),
        healthcheck=Healthcheck(test=("CMD-SHELL", "pg_isready -h my_db")),
    )
    found = translated(DB, app)
    web = container(found)

    assert [entry["value"] for entry in web["env"]] == ["postgres://my-db/x", "my-db"]
    assert web["args"] == ["serve", "--db-host", "my-db", "my-db:5432"]
    assert web["command"] == ["wait-for", "my-db:5432"]
    assert web["readinessProbe"]["exec"]["command"][-1] == "pg_isready -h my-db"
    assert sorted(codes(found)) == ["renamed", *["rewritten"] * 6]


def test_files_and_configs() -> None:
    app = service(
        volumes=(Mount("bind", "/c", f"{HERE}/app.ini", read_only=True),),
        configs=(FileReference("a"), FileReference("b")),
    )
    configs = {"a": Config(content="db: my_db:5432"), "b": Config(file=f"{HERE}/b.ini")}
    found = translated(DB, app, files={"app.ini": "host = my_db\ndb = my_db", "b.ini": "http://my_db"}, configs=configs)
    data = [value for each in found.objects if each.kind == "ConfigMap" for value in each.body["data"].values()]

    assert sorted(data) == ["db: my-db:5432", "host = my-db\ndb = my_db", "http://my-db"]
    assert note(found, "name-left").path == ("services", "web", "volumes", 0, "source")


def test_what_an_image_holds_is_only_told() -> None:
    found = translated(
        DB,
        service(build=Build(context=f"{HERE}/app"), image="x"),
        files={"app/Dockerfile": "FROM x", "app/nginx.conf": "proxy_pass http://my_db:80;", "app/main.py": "my_db:1"},
    )

    assert note(found, "name-built-in").path == ("services", "web", "build", "context")
    assert "app/nginx.conf" in note(found, "name-built-in").message


def test_an_env_file_in_the_build_context_is_read_as_variables() -> None:
    env = f"{HERE}/.env"
    app = service(build=Build(context=HERE), env_file=(EnvFile(env),), environment={"URL": "http://my_db:1"})
    found = translated(DB, app, files={"Dockerfile": "FROM x", ".env": "URL=http://my_db:1"})

    assert "name-built-in" not in codes(found)


def test_hooks_and_containers_before_the_start() -> None:
    app = service(
        pre_start=(PreStart(command=("nc", "-z", "my_db", "5432")),),
        post_start=(Hook(command=("curl", "http://my_db"), environment={"A_HOST": "my_db"}),),
    )
    found = translated(DB, app).project.services["web"]

    assert found.pre_start[0].command == ("nc", "-z", "my-db", "5432")
    assert found.post_start[0].command == ("curl", "http://my-db")
    assert found.post_start[0].environment == {"A_HOST": "my-db"}


def test_the_machine_outside() -> None:
    hosts = {"host.docker.internal": ("host-gateway",), "gw": ("host-gateway",), "a.b.c": ("host-gateway",)}
    found = translated(service(extra_hosts=hosts, environment={"API": "http://host.docker.internal:8000"}))

    assert container(found)["env"][0]["value"] == "http://host.minikube.internal:8000"
    assert body_of(found, "Service/gw")["spec"] == {"type": "ExternalName", "externalName": "host.minikube.internal"}
    assert [each.kind.value for each in found.notes if each.code == "kubernetes-host-gateway"] == [
        *("approximated", "approximated", "needs action")
    ]


def test_a_name_of_each_task_leads_to_each_pod() -> None:
    prometheus = service("prom", configs=(FileReference("a"),))
    content = Config(content="dns_sd_configs: [{names: [tasks.web], port: 80}]")
    found = translated(service(), prometheus, configs={"a": content})

    (config,) = [each for each in found.objects if each.kind == "ConfigMap"]
    assert list(config.body["data"].values()) == ["dns_sd_configs: [{names: [web-tasks], port: 80}]"]
    spec = body_of(found, "Service/web-tasks")["spec"]
    assert (spec["clusterIP"], spec["selector"]) == (
        "None",
        body_of(found, "Deployment/web")["spec"]["selector"]["matchLabels"],
    )
    assert "Service/prom-tasks" not in found.index


def test_what_is_called_like_the_service_is_only_told() -> None:
    values = {"URL": "postgres://my_db:5432/my_db", "POSTGRES_DB": "my_db", "TEXT": "is it my_db"}
    found = translated(DB, service(environment=values))

    fates = {each.path[-1]: each.kind.value for each in found.notes if each.code == "kubernetes-name-left"}
    assert fates == {"URL": "approximated", "POSTGRES_DB": "approximated", "TEXT": "needs action"}
