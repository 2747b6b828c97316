"""The tree of objects."""

from stackferry.render.style import Style
from stackferry.render.tree import object_tree


def manifest(kind: str, name: str, service: str | None = None, **rest: object) -> dict:
    labels = {"app.kubernetes.io/name": service} if service else {}
    return {"kind": kind, "metadata": {"name": name, "labels": labels}, **rest}


def test_by_service_with_the_shared_objects_last():
    manifests = [
        manifest("Secret", "password", stringData={"password": "hunter2"}),
        manifest("Service", "web", "web", spec={"ports": [{"port": 80, "targetPort": 8000}], "type": "NodePort"}),
        manifest("Service", "db", "db", spec={"clusterIP": "None"}),
        manifest(
            "Deployment",
            "web",
            "web",
            spec={
                "replicas": 3,
                "template": {"spec": {"containers": [{"image": "web:1", "readinessProbe": {}}]}},
            },
        ),
        manifest(
            "PersistentVolumeClaim",
            "data",
            spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
        ),
    ]
    expected = """\
guestbook
├─ web
│  ├─ Service/web                 80 → 8000, NodePort
│  └─ Deployment/web              3 × web:1, readiness
├─ db
│  └─ Service/db                  headless
└─ shared by the stack
   ├─ Secret/password             password
   └─ PersistentVolumeClaim/data  1Gi, ReadWriteOnce"""

    assert object_tree("guestbook", manifests, Style()) == expected


def test_a_secret_is_named_and_never_shown():
    manifests = [manifest("Secret", "s", stringData={"key": "hunter2"}, data={"other": "aHVudGVyMg=="})]

    assert "hunter2" not in object_tree("x", manifests, Style())
    assert "aHVudGVyMg" not in object_tree("x", manifests, Style())


def test_many_keys_are_counted():
    [line] = object_tree("x", [manifest("ConfigMap", "c", data=dict.fromkeys("abcdef", ""))], Style()).splitlines()[2:]

    assert line.endswith("ConfigMap/c  a, b, c, d and 2 more")


def test_nothing():
    assert object_tree("empty", [], Style()) == "empty"


def test_a_kind_without_facts_is_listed():
    assert object_tree("x", [manifest("Namespace", "n")], Style()).splitlines()[-1] == "   └─ Namespace/n"
