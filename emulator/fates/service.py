"""Fates of a service's keys for what runs and how: image, process, security, lifecycle."""

from stackferry.grammar.fates import Section, about, exact, holder, later, loaded, nothing

_HOOK = "runs in the container"
_MODELS = "models are not served yet"
_PROVIDER = "providers are not supported yet; the service is left out"

SERVICE: Section = {
    "annotations": holder(),
    "annotations.*": about("engines older than v24 ignore them", "option.Annotations"),
    "attach": nothing("only affects the terminal"),
    "cap_add": exact("option.CapAdd"),
    "cap_drop": exact("option.CapDrop"),
    "command": exact("container.args"),
    "container_name": exact("container.container_name", why="allows one replica only"),
    "credential_spec": holder("for engines on Windows"),
    "credential_spec.config": later("a credential spec in a config is not passed on"),
    "credential_spec.file": exact("option.SecurityOpt"),
    "credential_spec.registry": exact("option.SecurityOpt"),
    "depends_on": exact("service.depends_on", why="order of the first start; a task that is replaced does not wait"),
    "depends_on.*": exact("service.depends_on", why="order of the first start; a task that is replaced does not wait"),
    "depends_on.*.condition": exact("service.depends_on", why="at the first start"),
    "depends_on.*.required": exact(why="false: a dependency missing from the stack is ignored"),
    "depends_on.*.restart": exact(
        "service.follows", why="after every update or restart of the dependency, as update_config says"
    ),
    "develop": nothing("for docker compose watch"),
    "develop.watch": nothing("for docker compose watch"),
    **{
        f"develop.watch[].{key}": nothing("for docker compose watch")
        for key in (
            *("ignore", "include", "path", "action", "target", "exec", "initial_sync", "exec.command"),
            *("exec.user", "exec.privileged", "exec.working_dir", "exec.environment", "exec.environment.*"),
        )
    },
    "entrypoint": exact("container.command"),
    "env_file": loaded("its variables are in environment"),
    **{f"env_file[]{part}": loaded("its variables are in environment") for part in ("", ".path", ".format")},
    "env_file[].required": loaded("whether a missing file is an error"),
    "environment": holder("templates such as {{.Task.Slot}} are expanded for each task"),
    "environment.*": exact("container.env"),
    "extends": loaded("merged into the service"),
    "extends.service": loaded("merged into the service"),
    "extends.file": loaded("merged into the service"),
    "group_add": exact("container.groups"),
    "healthcheck": holder("a task counts as running once healthy, and is replaced when unhealthy"),
    "healthcheck.start_interval": about("engines older than v25 ignore it", "container.health"),
    **{
        f"healthcheck.{key}": exact("container.health")
        for key in ("disable", "test", "interval", "timeout", "retries", "start_period")
    },
    "image": exact("container.image"),
    "init": exact("container.init"),
    "ipc": exact("option.IpcMode"),
    "isolation": exact("option.Isolation"),
    "label_file": loaded("its labels are in labels"),
    "labels": holder("labels of the containers"),
    "labels.*": exact("container.labels"),
    "logging": holder(),
    "logging.driver": exact("option.LogConfig"),
    "logging.options": exact("option.LogConfig"),
    "logging.options.*": exact("option.LogConfig"),
    **{key: later(_MODELS) for key in ("models", "models.*", "models.*.endpoint_var", "models.*.model_var")},
    "pid": exact("option.PidMode"),
    "platform": exact("container.platform"),
    **{
        f"{hook}{part}": exact(f"container.{hook}", why=_HOOK)
        for hook in ("post_start", "pre_stop")
        for part in ("", "[]", "[].command", "[].user", "[].working_dir", "[].environment", "[].environment.*")
    },
    "post_start[].privileged": later("hooks run with the privileges of their container"),
    "pre_stop[].privileged": later("hooks run with the privileges of their container"),
    "privileged": exact("option.Privileged"),
    "profiles": loaded("decides whether the service is in the stack"),
    **{key: later(_PROVIDER) for key in ("provider", "provider.type", "provider.options", "provider.options.*")},
    "pull_policy": exact("container.pull_policy"),
    "pull_refresh_after": later("images are not pulled at intervals"),
    "read_only": exact("option.ReadonlyRootfs"),
    "restart": exact("service.task.restart", why="the restart policy, unless deploy.restart_policy is set"),
    "runtime": exact("option.Runtime"),
    "scale": exact("service.replicas"),
    "security_opt": exact("option.SecurityOpt"),
    "stdin_open": exact("container.stdin_open"),
    "stop_grace_period": exact("service.task.stop_grace"),
    "stop_signal": exact("container.stop_signal"),
    "sysctls": holder(),
    "sysctls.*": exact("option.Sysctls"),
    "tty": exact("container.tty"),
    "umask": later("the image's umask applies, usually 0022"),
    "use_api_socket": about("the socket is mounted, without the credentials of your registries", "container.mounts"),
    "user": exact("container.user"),
    "userns_mode": exact("option.UsernsMode"),
    "uts": exact("option.UTSMode"),
    "working_dir": exact("container.working_dir"),
}
