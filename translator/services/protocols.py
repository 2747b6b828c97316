"""Decides which ports speak HTTP, by their number and `app_protocol`.

An HTTP route can only carry HTTP. In doubt a port counts as HTTP: web servers listen on every number, while other
protocols mostly keep to their own.
"""

_OTHERS = frozenset(
    (
        *(
            20,
            21,
            22,
            23,
            25,
            53,
            69,
            88,
            110,
            123,
            143,
            161,
            389,
            443,
            445,
            465,
            514,
            554,
            587,
            636,
            853,
            873,
            993,
            995,
        ),
        *(1025, 1080, 1194, 1433, 1521, 1883, 1935, 2049, 2181, 2222, 2380, 3128, 3306, 3389, 3478, 4222, 4317, 5044),
        *(5060, 5061, 5222, 5269, 5432, 5433, 5671, 5672, 5900, 6379, 6432, 6443, 6650, 6667, 7687, 8443, 8883, 9042),
        *(9092, 9094, 9300, 9306, 9443, 10051, 11211, 11300, 19530, 25565, 26257, 26379, 27017, 28015, 33060, 51820),
        *(61613, 61616),
    )
)
"""Port numbers of protocols other than plain HTTP."""
_HTTP = frozenset(("http", "ws", "kubernetes.io/ws"))


def looks_like_http(number: int, protocol: str, app_protocol: str | None = None) -> bool:
    """Whether a port of that number and protocol (as Kubernetes writes it) speaks HTTP."""
    if app_protocol is not None:
        return app_protocol.lower() in _HTTP
    return protocol == "TCP" and number not in _OTHERS
