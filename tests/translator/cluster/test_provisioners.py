"""Facts that storage classes give about themselves."""

from stackferry.translator.cluster.provisioners import StorageClass, storage_classes


def test_a_list_of_classes() -> None:
    default = {"storageclass.kubernetes.io/is-default-class": "true"}
    found = storage_classes(
        [
            {"metadata": {"name": "a", "annotations": default}, "provisioner": "ebs.csi.aws.com"},
            {"metadata": {"name": "b"}, "provisioner": "efs.csi.aws.com", "allowVolumeExpansion": True},
        ]
    )

    assert found == [
        StorageClass("a", "ebs.csi.aws.com", True, False),
        StorageClass("b", "efs.csi.aws.com", False, True),
    ]
    assert [one.is_of_one_node for one in found] == [True, False]
