"""Fates of `services.*.deploy.*`."""

from stackferry.translator.fates.fate import Section, about, action, exact, holder

_STRATEGY = ("workload.spec.strategy", "workload.spec.updateStrategy")
_ROLLBACK = "kubectl rollout undo follows update_config"
_PLUGIN = "needs the vendor's device plugin"
_DEVICES = "resources.reservations.devices"
_GENERIC = "resources.reservations.generic_resources"
_SPEC = f"{_GENERIC}[].discrete_resource_spec"
_NO_VENDOR = "clusters count only resources of a vendor's domain: request vendor.example/kind in the limits"

DEPLOY: Section = {
    "deploy": holder(),
    "deploy.mode": exact(
        "workload", why="replicated: Deployment, or StatefulSet if slots matter; global: DaemonSet; jobs: Job"
    ),
    "deploy.endpoint_mode": exact("service.spec.clusterIP", "service.spec.type", why="vip: ClusterIP, dnsrr: headless"),
    "deploy.replicas": exact("workload.spec.replicas", "workload.spec.completions", "budget"),
    "deploy.labels": holder("annotations of the workload"),
    "deploy.labels.*": exact("workload.metadata.annotations.{key}", why="an annotation: any text is allowed"),
    "deploy.update_config": holder(),
    "deploy.update_config.parallelism": exact(*_STRATEGY, why="maxUnavailable, or maxSurge for start-first"),
    "deploy.update_config.order": exact(*_STRATEGY, why="stop-first: maxSurge 0, start-first: maxUnavailable 0"),
    "deploy.update_config.delay": about(
        "a new pod must be ready for that long before the next starts", "workload.spec.minReadySeconds"
    ),
    "deploy.update_config.monitor": about(
        "a new pod counts as ready only after that long", "workload.spec.minReadySeconds"
    ),
    "deploy.update_config.failure_action": exact(why="pause: a failing rollout stops"),
    "deploy.update_config.max_failure_ratio": exact(why="0: the first failure stops the rollout"),
    "deploy.rollback_config": holder(_ROLLBACK),
    "deploy.rollback_config.parallelism": about(_ROLLBACK),
    "deploy.rollback_config.order": about(_ROLLBACK),
    "deploy.rollback_config.delay": about(_ROLLBACK),
    "deploy.rollback_config.monitor": about(_ROLLBACK),
    "deploy.rollback_config.failure_action": about(_ROLLBACK),
    "deploy.rollback_config.max_failure_ratio": about(_ROLLBACK),
    "deploy.resources": holder(),
    "deploy.resources.limits": holder(),
    "deploy.resources.limits.cpus": exact("container.resources.limits.cpu"),
    "deploy.resources.limits.memory": exact("container.resources.limits.memory"),
    "deploy.resources.limits.pids": action(
        "Kubernetes has one limit for all pods: minikube start --extra-config=kubelet.pod-max-pids=N"
    ),
    "deploy.resources.reservations": holder(),
    "deploy.resources.reservations.cpus": exact("container.resources.requests.cpu"),
    "deploy.resources.reservations.memory": exact("container.resources.requests.memory"),
    f"deploy.{_GENERIC}": action(_NO_VENDOR),
    f"deploy.{_SPEC}": action(_NO_VENDOR),
    f"deploy.{_SPEC}.kind": action(_NO_VENDOR),
    f"deploy.{_SPEC}.value": action(_NO_VENDOR),
    f"deploy.{_DEVICES}": action(_PLUGIN, "container.resources.limits"),
    f"deploy.{_DEVICES}[]": action(_PLUGIN, "container.resources.limits"),
    f"deploy.{_DEVICES}[].capabilities": action(_PLUGIN, "container.resources.limits"),
    f"deploy.{_DEVICES}[].count": action(_PLUGIN, "container.resources.limits"),
    f"deploy.{_DEVICES}[].driver": action(_PLUGIN, "container.resources.limits"),
    f"deploy.{_DEVICES}[].device_ids": action("Kubernetes chooses the devices"),
    f"deploy.{_DEVICES}[].options": action("a pod has no such field"),
    f"deploy.{_DEVICES}[].options.*": action("a pod has no such field"),
    "deploy.restart_policy": holder(),
    "deploy.restart_policy.condition": exact("pod.restartPolicy"),
    "deploy.restart_policy.delay": about("Kubernetes waits 10 s, then doubles the delay each time, up to 5 minutes"),
    "deploy.restart_policy.max_attempts": about(
        "Jobs only; a Deployment retries for ever", "workload.spec.backoffLimit"
    ),
    "deploy.restart_policy.window": about("Kubernetes resets the delay after 10 minutes of running"),
    "deploy.placement": holder(),
    "deploy.placement.constraints": exact("pod.affinity.nodeAffinity", why="node affinity by node labels"),
    "deploy.placement.preferences": holder(),
    "deploy.placement.preferences[]": exact("pod.topologySpreadConstraints"),
    "deploy.placement.preferences[].spread": exact("pod.topologySpreadConstraints"),
    "deploy.placement.max_replicas_per_node": exact("pod.affinity.podAntiAffinity", "pod.topologySpreadConstraints"),
}
