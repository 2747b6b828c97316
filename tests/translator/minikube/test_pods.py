from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.minikube.pods import NodePort, images, node_ports, pod_spec, uses_folder


def deployment(spec, labels=None):
    return Manifest(
        "Deployment", "web", None, {"metadata": {"labels": labels or {}}, "spec": {"template": {"spec": spec}}}
    )


def test_images_in_order_each_once():
    spec = {
        "initContainers": [{"image": "curl"}],
        "containers": [{"image": "app"}, {"image": "curl"}],
        "volumes": [{"emptyDir": {}}, {"image": {"reference": "data"}}],
    }

    assert images([deployment(spec), deployment(spec)]) == ("curl", "app", "data")


def test_pods_of_each_kind():
    spec = {"containers": []}
    cron = Manifest("CronJob", "c", None, {"spec": {"jobTemplate": {"spec": {"template": {"spec": spec}}}}})

    assert pod_spec(cron) is spec
    assert pod_spec(deployment(spec)) is spec
    assert pod_spec(Manifest("ConfigMap", "c", None, {"data": {}})) is None


def test_ports_of_the_node():
    ports = [{"port": 80, "nodePort": 8080}, {"port": 53, "nodePort": 53, "protocol": "UDP"}, {"port": 1}]
    labels = {"app.kubernetes.io/name": "web"}
    service = Manifest("Service", "web-published", None, {"metadata": {"labels": labels}, "spec": {"ports": ports}})
    pods = deployment({"containers": [{"image": "x", "ports": [{"containerPort": 9, "hostPort": 9}]}]}, labels)

    assert list(node_ports([service, pods])) == [
        NodePort("web", 8080, "TCP"),
        NodePort("web", 53, "UDP"),
        NodePort("web", 9, "TCP"),
    ]


def test_folders_of_the_node():
    pods = deployment({"containers": [], "volumes": [{"emptyDir": {}}, {"hostPath": {"path": "/hosthome/me/src"}}]})

    assert uses_folder([pods], "/hosthome")
    assert uses_folder([pods], "/hosthome/me/src")
    assert not uses_folder([pods], "/host")
    assert not uses_folder([Manifest("ConfigMap", "c", None, {})], "/hosthome")
