"""Fates of a service's keys about what runs and how: image, process, security, lifecycle."""

from stackferry.translator.fates.fate import Section, about, action, exact, holder, loaded, nothing

_ENV_FILE = "its variables are in a ConfigMap (in a Secret if they look secret), used by envFrom"
_CREDENTIALS = "for Windows containers only: create a GMSACredentialSpec in the cluster and name it in securityContext"


def _hook(key: str, handler: str, why: str) -> Section:
    fate = about(why, f"container.lifecycle.{handler}")
    parts = ("command", "user", "privileged", "working_dir", "environment", "environment.*")
    return dict.fromkeys((key, f"{key}[]", *(f"{key}[].{part}" for part in parts)), fate)


SERVICE: Section = {
    "annotations": holder(),
    "annotations.*": exact("template.metadata.annotations.{key}"),
    "attach": nothing("only affects the terminal; use kubectl logs -f"),
    "cap_add": exact("container.securityContext.capabilities.add", why="written without CAP_, in upper case"),
    "cap_drop": exact("container.securityContext.capabilities.drop", why="written without CAP_, in upper case"),
    "command": exact("container.args", "container.command"),
    "container_name": exact("container.name", "aliases", why="the container's name, and a Service of that name"),
    "credential_spec": action(_CREDENTIALS),
    "credential_spec.config": action(_CREDENTIALS),
    "credential_spec.file": action(_CREDENTIALS),
    "credential_spec.registry": action(_CREDENTIALS),
    "depends_on": holder("init containers wait for the dependencies"),
    "depends_on.*": exact("pod.initContainers[name={wait}]", why="an init container waits for the dependency"),
    "depends_on.*.condition": exact("pod.initContainers[name={wait}]"),
    "depends_on.*.required": exact(why="false: the init container goes on if the dependency fails"),
    "depends_on.*.restart": about(
        "pods are replaced when the dependency's pod template changes", "template.metadata.annotations.{restarted}"
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
    "env_file[].required": loaded("whether a missing file is an error"),
    "environment": holder(
        "variables are entries of env, those of env files are used by envFrom; secret-looking values are in a Secret"
    ),
    "environment.*": exact("container.env[name={key}]", "env_file.data.{key}", "env_file_secret.data.{key}"),
    "extends": loaded("merged into the service"),
    "extends.service": loaded("merged into the service"),
    "extends.file": loaded("merged into the service"),
    "group_add": exact("pod.securityContext.supplementalGroups"),
    "healthcheck": holder("a readiness probe; no liveness probe, because Docker's check restarts nothing"),
    "healthcheck.disable": exact(why="no probe"),
    "healthcheck.test": exact("container.readinessProbe.exec.command"),
    "healthcheck.interval": exact("container.readinessProbe.periodSeconds"),
    "healthcheck.timeout": exact("container.readinessProbe.timeoutSeconds"),
    "healthcheck.retries": exact("container.readinessProbe.failureThreshold"),
    "healthcheck.start_period": exact(
        "container.startupProbe", why="a startup probe that never gives up, so failures restart nothing"
    ),
    "healthcheck.start_interval": exact("container.startupProbe.periodSeconds"),
    "image": exact("container.image"),
    "init": about("the pod's pause process is PID 1 and reaps zombies", "pod.shareProcessNamespace"),
    "ipc": exact("pod.hostIPC"),
    "isolation": nothing("for Windows containers only"),
    "label_file": loaded("its labels are in labels"),
    "labels": holder("annotations, where any text is allowed"),
    "labels.*": exact("template.metadata.annotations.{key}", why="an annotation of the pod: any text is allowed"),
    "logging": nothing("the node keeps and rotates logs; kubectl logs shows them"),
    "logging.driver": nothing("the node keeps and rotates logs; kubectl logs shows them"),
    "logging.options": nothing("the node keeps and rotates logs"),
    "logging.options.*": nothing("the node keeps and rotates logs"),
    **{
        key: action("Kubernetes has no Docker Model Runner: serve the model yourself and set its variables")
        for key in ("models", "models.*", "models.*.endpoint_var", "models.*.model_var")
    },
    "pid": exact("pod.hostPID"),
    "platform": about("runs only on nodes of that platform; Docker would emulate it", "pod.nodeSelector"),
    **_hook("post_start", "postStart", "a hook that fails restarts the container; docker compose only reports it"),
    **_hook("pre_stop", "preStop", "the hook's time counts towards the grace period"),
    "privileged": exact("container.securityContext.privileged"),
    "profiles": loaded("decides whether the service is in the stack"),
    "provider": action("the provider does not run on Kubernetes; no workload is created"),
    "provider.type": action("the provider does not run on Kubernetes"),
    "provider.options": action("the provider does not run on Kubernetes"),
    "provider.options.*": action("the provider does not run on Kubernetes"),
    "pull_policy": exact("container.imagePullPolicy"),
    "pull_refresh_after": action("Kubernetes does not pull at intervals; delete the pod to pull again"),
    "read_only": exact("container.securityContext.readOnlyRootFilesystem"),
    "restart": exact("pod.restartPolicy"),
    "runtime": exact("pod.runtimeClassName"),
    "scale": exact("workload.spec.replicas", "workload.spec.completions", "budget"),
    "security_opt": exact("container.securityContext"),
    "stdin_open": exact("container.stdin"),
    "stop_grace_period": exact(
        "pod.terminationGracePeriodSeconds",
        why="rounded up to whole seconds; 5 more for services that others call, which pause before SIGTERM",
    ),
    "stop_signal": exact(why="the node sends the image's STOPSIGNAL, or SIGTERM"),
    "sysctls": holder(),
    "sysctls.*": exact("pod.securityContext.sysctls[name={key}]"),
    "tty": exact("container.tty"),
    "umask": action("Kubernetes cannot set it; call umask in the entrypoint"),
    "use_api_socket": action("there is no Docker API in the cluster"),
    "user": exact("container.securityContext.runAsUser", "container.securityContext.runAsGroup"),
    "userns_mode": exact(why="host: the node's user namespace, Kubernetes' default"),
    "uts": action("only pods on the host's network (network_mode: host) have the host's name"),
    "working_dir": exact("container.workingDir"),
}
