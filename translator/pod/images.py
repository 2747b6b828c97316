"""Image and pull policy of a container, and the command that builds the image where the cluster finds it."""

import shlex

from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.model.model import Service
from stackferry.translator.environment.secret_names import is_secret
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes
from stackferry.translator.stack import Stack

_POLICY = {
    "always": "Always",
    "never": "Never",
    "missing": "IfNotPresent",
    "if_not_present": "IfNotPresent",
    "build": "IfNotPresent",
    "daily": "Always",
    "weekly": "Always",
}


def image(service: Service, stack: Stack, notes: Notes) -> Body:
    """`image` and `imagePullPolicy`.

    The policy is always written out: Kubernetes would pull `:latest` at every start, Docker pulls
    only missing images, and an image that was built into the node cannot be pulled at all.
    """
    path = ("services", service.name)
    # The server accepts no blanks around a name.
    name = (service.image or "").strip() or f"{stack.project.name}-{service.name}:latest".lower()
    if service.image and service.image.strip() != service.image:
        message = f"{service.image!r} is not a valid image name; the container runs {name}"
        notes.action((*path, "image"), "kubernetes-image", message, "correct the name")
    if service.build is not None:
        notes.action(
            (*path, "build"),
            "kubernetes-build",
            f"the cluster needs the image {name} before it can start the service",
            build_command(service.build, name, stack.project.directory),
        )
    policy = _POLICY.get(service.pull_policy or "missing", "Always")
    if service.pull_policy and service.pull_policy.every is not None:
        notes.approximated(
            (*path, "pull_policy"),
            "kubernetes-pull-policy",
            (
                f"{service.pull_policy}: Kubernetes does not support intervals; it asks the registry at"
                " every start (Always)"
            ),
        )
    return {"image": name, "imagePullPolicy": policy}


def build_command(build: Build, tag: str, directory: str) -> str:
    """The minikube command that builds the image inside the cluster, run from the project directory."""
    words = ["minikube", "image", "build", "-t", tag]
    if build.dockerfile_inline is not None:
        words += ["-f", "Dockerfile.inline"]
    elif build.dockerfile and build.dockerfile != "Dockerfile":
        words += ["-f", _relative(build.dockerfile, build.context or directory)]
    if build.target:
        words.append(f"--build-opt=target={build.target}")
    for name, value in build.args.items():
        shown = name if value is None or is_secret(name, value) else f"{name}={value}"
        words.append(f"--build-opt=build-arg={shown}")
    words.append(_relative(build.context or ".", directory))
    inline = " (first write dockerfile_inline to Dockerfile.inline)" if build.dockerfile_inline is not None else ""
    return shlex.join(words) + inline


def _relative(path: str, directory: str) -> str:
    """`path` relative to `directory`, so that the text does not depend on the machine."""
    if path == directory:
        return "."
    return path.removeprefix(directory.rstrip("/") + "/")
