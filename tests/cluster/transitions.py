"""Typical changes of a stack between two applies: compose files before and after."""

_AWAITED = "services: {a: {image: 'x:1', depends_on: {j: {condition: service_completed_successfully}}}, "

TRANSITIONS = {
    "ports are added": (
        "services: {a: {image: 'x:1'}}",
        "services: {a: {image: 'x:1', ports: ['8080:80']}}",
    ),
    "ports are removed": (
        "services: {a: {image: 'x:1', ports: ['8080:80']}}",
        "services: {a: {image: 'x:1'}}",
    ),
    "a port is pinned": (
        "services: {a: {image: 'x:1', ports: ['8080:80']}}",
        "services: {a: {image: 'x:1', ports: ['30871:80']}}",
    ),
    "a port changes its number": (
        "services: {a: {image: 'x:1', ports: ['8080:80']}}",
        "services: {a: {image: 'x:1', ports: ['8080:81']}}",
    ),
    "a port gets a second protocol": (
        "services: {a: {image: 'x:1', ports: ['8080:80']}}",
        "services: {a: {image: 'x:1', ports: ['8080:80', '8080:80/udp']}}",
    ),
    "a volume is added": (
        "services: {a: {image: 'x:1'}}",
        "services: {a: {image: 'x:1', volumes: ['data:/d']}}\nvolumes: {data: {}}",
    ),
    "a volume is removed": (
        "services: {a: {image: 'x:1', volumes: ['data:/d', 'more:/e']}}\nvolumes: {data: {}, more: {}}",
        "services: {a: {image: 'x:1', volumes: ['data:/d']}}\nvolumes: {data: {}}",
    ),
    "a job's command changes": (
        _AWAITED + "j: {image: 'x:1', command: one}}",
        _AWAITED + "j: {image: 'x:1', command: two}}",
    ),
    "somebody now awaits the service": (
        "services: {a: {image: 'x:1'}, j: {image: 'x:1'}}",
        _AWAITED + "j: {image: 'x:1'}}",
    ),
    "nobody awaits it any more": (
        _AWAITED + "j: {image: 'x:1'}}",
        "services: {a: {image: 'x:1'}, j: {image: 'x:1', restart: always}}",
    ),
    "it runs on every node": (
        "services: {a: {image: 'x:1'}}",
        "services: {a: {image: 'x:1', deploy: {mode: global}}}",
    ),
    "a service is removed": (
        "services: {a: {image: 'x:1'}, b: {image: 'x:1', ports: ['8080:80'], environment: {TOKEN: s}}}",
        "services: {a: {image: 'x:1'}}",
    ),
    "a service is renamed": (
        "services: {a: {image: 'x:1', ports: ['30872:80']}}",
        "services: {b: {image: 'x:1', ports: ['30872:80']}}",
    ),
    "expose is removed": (
        "services: {a: {image: 'x:1', expose: ['80']}}",
        "services: {a: {image: 'x:1'}}",
    ),
    "names mean pods": (
        "services: {a: {image: 'x:1', expose: ['80']}}",
        "services: {a: {image: 'x:1', expose: ['80'], deploy: {endpoint_mode: dnsrr}}}",
    ),
    "names mean the service again": (
        "services: {a: {image: 'x:1', expose: ['80'], deploy: {endpoint_mode: dnsrr}}}",
        "services: {a: {image: 'x:1', expose: ['80']}}",
    ),
    "an alias goes": (
        "services: {a: {image: 'x:1', networks: {default: {aliases: [other]}}}}",
        "services: {a: {image: 'x:1'}}",
    ),
    "a check goes": (
        "services: {a: {image: 'x:1', healthcheck: {test: 'true', start_period: 5s}}}",
        "services: {a: {image: 'x:1'}}",
    ),
    "limits and a variable go": (
        "services: {a: {image: 'x:1', mem_limit: 64m, environment: {A: '1', B: '2'}, user: '5:5'}}",
        "services: {a: {image: 'x:1', environment: {B: '3'}}}",
    ),
    "a config changes": (
        "services: {a: {image: 'x:1', configs: [c]}}\nconfigs: {c: {content: one}}",
        "services: {a: {image: 'x:1', configs: [c]}}\nconfigs: {c: {content: two}}",
    ),
    "a schedule-less job gets another image": (
        "services: {a: {image: 'x:1', deploy: {mode: replicated-job}}}",
        "services: {a: {image: 'x:2', deploy: {mode: replicated-job}}}",
    ),
}
"""Name of the change: (compose file before, compose file after)."""
