"""The account with which a wait reads Jobs, and its minimal permissions."""

from stackferry.grammar.compose.model.attachments import Dependency
from stackferry.translator import Options
from tests.translator.making import body_of, ids, service, translated

AFTER = Dependency(condition="service_completed_successfully")


def test_one_role_for_the_awaited_jobs_and_no_others() -> None:
    found = translated(
        service(depends_on={"one": AFTER, "two": AFTER}),
        service("one", depends_on={"two": AFTER}),
        service("two"),
        service("lone", restart="no"),
        options=Options(namespace="prod"),
    )

    names = [found.made["workload", name].removeprefix("Job/") for name in ("one", "two")]
    assert body_of(found, "Role/shop-waits")["rules"] == [
        {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["get"], "resourceNames": names}
    ]
    (subject,) = body_of(found, "RoleBinding/shop-waits")["subjects"]
    assert subject == {"kind": "ServiceAccount", "name": "shop-waits", "namespace": "prod"}
    assert body_of(found, "ServiceAccount/shop-waits")["automountServiceAccountToken"] is False


def test_nobody_is_made_for_nothing() -> None:
    found = translated(service(depends_on={"db": Dependency()}), service("db"))

    assert not {"ServiceAccount/shop-waits", "Role/shop-waits"} & set(ids(found.objects))
