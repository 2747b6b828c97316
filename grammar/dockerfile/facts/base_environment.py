"""Variables that are set although a file sets none of them: by the base image, or by the shell itself."""

from stackferry.grammar.dockerfile.facts.images import image

_BARE = frozenset(("alpine", "amazonlinux", "busybox", "buildpack-deps", "debian", "rockylinux", "scratch", "ubuntu"))

EVERYWHERE = frozenset(
    (
        *("PATH", "HOME", "HOSTNAME", "PWD", "OLDPWD", "SHELL", "TERM", "USER", "LOGNAME", "IFS", "PPID", "SHLVL", "_"),
        *("OPTARG", "OPTIND", "OPTERR", "LINENO", "PS1", "PS2", "PS4", "UID", "EUID", "GROUPS", "RANDOM", "SECONDS"),
        *("BASH", "BASHPID", "BASHOPTS", "BASH_ENV", "BASH_SOURCE", "BASH_VERSION", "BASH_VERSINFO", "BASH_REMATCH"),
        *("BASH_COMMAND", "SHELLOPTS", "FUNCNAME", "PIPESTATUS", "REPLY", "HOSTTYPE", "MACHTYPE", "OSTYPE", "COLUMNS"),
        *("LINES", "EPOCHSECONDS", "EPOCHREALTIME", "DIRSTACK", "MAPFILE", "COPROC", "ENV", "KSH_VERSION"),
        *("ZSH_VERSION", "DEBUG", "SOURCE_DATE_EPOCH"),
    )
)
"""Variables that a shell sets itself, or every container has."""

OF_IMAGES = frozenset(
    (
        *("LANG", "LC_ALL", "LANGUAGE", "TZ", "JAVA_HOME", "JAVA_VERSION", "JAVA_OPTS", "MAVEN_HOME", "GRADLE_HOME"),
        *("MAVEN_VERSION", "GRADLE_VERSION", "PYTHON_VERSION", "PYTHON_SHA256", "PYTHON_PIP_VERSION", "GPG_KEY"),
        *("PYTHON_SETUPTOOLS_VERSION", "PYTHON_GET_PIP_URL", "NODE_VERSION", "YARN_VERSION", "NPM_CONFIG_LOGLEVEL"),
        *("GOLANG_VERSION", "GOPATH", "GOTOOLCHAIN", "GOROOT", "RUST_VERSION", "RUSTUP_HOME", "CARGO_HOME"),
        *("RUBY_VERSION", "RUBY_MAJOR", "GEM_HOME", "BUNDLE_APP_CONFIG", "BUNDLE_SILENCE_ROOT_WARNING"),
        *("PHP_VERSION", "PHP_INI_DIR", "PHP_URL", "PHPIZE_DEPS", "COMPOSER_VERSION", "COMPOSER_HOME"),
        *("PHP_EXTRA_CONFIGURE_ARGS", "PHP_CFLAGS", "PHP_CPPFLAGS", "PHP_LDFLAGS", "GPG_KEYS"),
        *("NGINX_VERSION", "NJS_VERSION", "PKG_RELEASE", "PG_VERSION", "PG_MAJOR", "PGDATA", "REDIS_VERSION"),
        *("MYSQL_VERSION", "MYSQL_MAJOR", "MARIADB_VERSION", "MONGO_VERSION", "MONGO_MAJOR", "ELIXIR_VERSION"),
        *("OTP_VERSION", "REBAR3_VERSION", "HTTPD_VERSION", "HTTPD_PREFIX", "TOMCAT_VERSION", "TOMCAT_MAJOR"),
        *("CATALINA_HOME", "JETTY_VERSION", "JETTY_HOME", "DOCKER_VERSION", "BUILDX_VERSION", "COMPOSE_VERSION"),
        *("CUDA_VERSION", "NV_CUDA_CUDART_VERSION", "NCCL_VERSION", "NVIDIA_VISIBLE_DEVICES", "CONDA_DIR"),
        *("DOTNET_VERSION", "DOTNET_SDK_VERSION", "ASPNET_VERSION", "ASPNETCORE_URLS", "SWIFT_VERSION"),
        *("PERL_VERSION", "JULIA_VERSION", "JULIA_PATH", "R_VERSION", "CADDY_VERSION", "HAPROXY_VERSION"),
        *("VAULT_VERSION", "CONSUL_VERSION", "TERRAFORM_VERSION", "DENO_VERSION", "BUN_VERSION", "NB_USER"),
        *("VARNISH_VERSION", "GHOST_VERSION", "WORDPRESS_VERSION", "DRUPAL_VERSION", "NEXTCLOUD_VERSION"),
        *("RABBITMQ_VERSION", "ERLANG_VERSION", "KEYCLOAK_VERSION", "TRAEFIK_VERSION", "DEBIAN_FRONTEND"),
    )
)
"""Variables in the environment of widely used base images."""


def is_bare(reference: str | None) -> bool:
    """Whether an image is known to set only PATH: a bare system among Docker Hub's official images."""
    if reference is None:
        return False
    parts = image(reference)
    return parts.registry in ("", "docker.io") and parts.path.removeprefix("library/") in _BARE


_OFFICIAL = frozenset(
    (
        *("bash", "caddy", "docker", "eclipse-temurin", "elixir", "erlang", "fedora", "gcc", "golang", "gradle"),
        *("haproxy", "httpd", "mariadb", "maven", "mysql", "nginx", "node", "openjdk", "perl", "php", "postgres"),
        *("python", "redis", "ruby", "rust", "tomcat"),
    )
)
"""Docker Hub's images whose environment is in `OF_IMAGES`."""


def may_set(reference: str | None, name: str) -> bool:
    """Whether a base image may set a name: always true for an unknown image."""
    if name == "PATH":
        return True
    if is_bare(reference):
        return False
    if reference is not None and image(reference).name in _OFFICIAL:
        return name in OF_IMAGES or name in EVERYWHERE
    return True
