"""Fates of the keys of a service that say what runs and how: image, process, security, lifecycle."""

from stackferry.translator.fates.fate import Section, about, action, exact, holder, loaded, nothing

_ENV_FILE = "its variables come by envFrom, of a ConfigMap or, if they look secret, of a Secret"
_CREDENTIALS = "for Windows containers alone: make a GMSACredentialSpec in the cluster, and name it in securityContext"


def _hook(key: str, handler: str, why: str) -> Section:
    fate = about(why, f"container.lifecycle.{handler}")
    parts = ("command", "user", "privileged", "working_dir", "environment", "environment.*")
    return dict.fromkeys((key, f"{key}[]", *(f"{key}[].{part}" for part in parts)), fate)


SERVICE: Section = {
    "annotations": holder(),
    "annotations.*": exact("template.metadata.annotations.{key}"),
    "attach": nothing("says what the terminal shows; kubectl logs -f shows it"),
    "cap_add": exact("container.securityContext.capabilities.add", why="without CAP_, in capitals"),
    "cap_drop": exact("container.securityContext.capabilities.drop", why="without CAP_, in capitals"),
    "command": exact("container.args", "container.command"),
    "container_name": exact("container.name", "aliases", why="the container's name, and a Service of that name"),
    "credential_spec": action(_CREDENTIALS),
    "credential_spec.config": action(_CREDENTIALS),
    "credential_spec.file": action(_CREDENTIALS),
    "credential_spec.registry": action(_CREDENTIALS),
    "depends_on": holder("init containers wait before the pod's containers start"),
    "depends_on.*": exact("pod.initContainers[name={wait}]", why="an init container waits for it"),
    "depends_on.*.condition": exact("pod.initContainers[name={wait}]"),
    "depends_on.*.required": exact(why="an init container waits without end, or goes on where it is not required"),
    "depends_on.*.restart": about(
        "replaced when the other's pod template changes", "template.metadata.annotations.{restarted}"
    ),
    "develop": nothing("for development on the laptop"),
    "develop.watch": nothing("for development on the laptop"),
    **{
        f"develop.watch[].{key}": nothing("for development on the laptop")
        for key in (
            *("ignore", "include", "path", "action", "target", "exec", "initial_sync", "exec.command"),
            *("exec.user", "exec.privileged", "exec.working_dir", "exec.environment", "exec.environment.*"),
        )
    },
    "entrypoint": exact("container.command"),
    "env_file": loaded(_ENV_FILE),
    "env_file[]": loaded(_ENV_FILE),
    "env_file[].path": loaded(_ENV_FILE),
    "env_file[].format": loaded(_ENV_FILE),
    "env_file[].required": loaded("a missing file is an error or nothing"),
    "environment": holder(
        "each variable is an entry of env, those of env files come by envFrom; what looks secret is in a Secret"
    ),
    "environment.*": exact("container.env[name={key}]", "env_file.data.{key}", "env_file_secret.data.{key}"),
    "extends": loaded("merged into the service"),
    "extends.service": loaded("merged into the service"),
    "extends.file": loaded("merged into the service"),
    "group_add": exact("pod.securityContext.supplementalGroups"),
    "healthcheck": holder("a readiness probe: Docker's check restarts nothing, so there is no liveness probe"),
    "healthcheck.disable": exact(why="no probe"),
    "healthcheck.test": exact("container.readinessProbe.exec.command"),
    "healthcheck.interval": exact("container.readinessProbe.periodSeconds"),
    "healthcheck.timeout": exact("container.readinessProbe.timeoutSeconds"),
    "healthcheck.retries": exact("container.readinessProbe.failureThreshold"),
    "healthcheck.start_period": exact(
        "container.startupProbe", why="a startup probe that never gives up: failures restart nothing"
    ),
    "healthcheck.start_interval": exact("container.startupProbe.periodSeconds"),
    "image": exact("container.image"),
    "init": about("the pod's pause process is PID 1 and reaps", "pod.shareProcessNamespace"),
    "ipc": exact("pod.hostIPC"),
    "isolation": nothing("default"),
    "label_file": loaded("its labels are in labels"),
    "labels": holder("annotations: their values are free text"),
    "labels.*": exact("template.metadata.annotations.{key}", why="an annotation of the pod: its value is free text"),
    "logging": nothing("the node keeps and rotates logs; kubectl logs shows them"),
    "logging.driver": nothing("the node keeps and rotates logs; kubectl logs shows them"),
    "logging.options": nothing("the node keeps and rotates logs"),
    "logging.options.*": nothing("the node keeps and rotates logs"),
    **{
        key: action("no cluster has Docker's model runner: serve the model yourself and set the variables that name it")
        for key in ("models", "models.*", "models.*.endpoint_var", "models.*.model_var")
    },
    "pid": exact("pod.hostPID"),
    "platform": about("only nodes of that platform; Docker would emulate it", "pod.nodeSelector"),
    **_hook("post_start", "postStart", "a hook that fails restarts the container, docker compose only says so"),
    **_hook("pre_stop", "preStop", "what the hook takes is a part of the grace period"),
    "privileged": exact("container.securityContext.privileged"),
    "profiles": loaded("decides whether the service is in the stack"),
    "provider": action("what provides it does not run on Kubernetes; no workload is made"),
    "provider.type": action("what provides it does not run on Kubernetes"),
    "provider.options": action("what provides it does not run on Kubernetes"),
    "provider.options.*": action("what provides it does not run on Kubernetes"),
    "pull_policy": exact("container.imagePullPolicy"),
    "pull_refresh_after": action("Kubernetes knows no intervals; delete the pod to pull again"),
    "read_only": exact("container.securityContext.readOnlyRootFilesystem"),
    "restart": exact("pod.restartPolicy"),
    "runtime": exact("pod.runtimeClassName"),
    "scale": exact("workload.spec.replicas", "workload.spec.completions", "budget"),
    "security_opt": exact("container.securityContext"),
    "stdin_open": exact("container.stdin"),
    "stop_grace_period": exact(
        "pod.terminationGracePeriodSeconds",
        why="whole seconds, rounded up; 5 more for the pause before SIGTERM of what others call",
    ),
    "stop_signal": exact(why="a node sends the image's STOPSIGNAL, else SIGTERM"),
    "sysctls": holder(),
    "sysctls.*": exact("pod.securityContext.sysctls[name={key}]"),
    "tty": exact("container.tty"),
    "umask": action("Kubernetes sets none; let the entrypoint call umask"),
    "use_api_socket": action("there is no Docker API in the cluster"),
    "user": exact("container.securityContext.runAsUser", "container.securityContext.runAsGroup"),
    "userns_mode": exact(why="the node's user namespace, Kubernetes' default"),
    "uts": action("only a pod on the host's network (network_mode: host) has the host's name"),
    "working_dir": exact("container.workingDir"),
}
