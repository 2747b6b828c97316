"""Conclusions from several facts."""

from dataclasses import replace
from ipaddress import IPv4Interface

import pytest

from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.minikube import Config
from stackferry.translator.minikube.doctor.facts.unknown import NotTriedError, Unknown
from stackferry.translator.minikube.doctor.facts.wanted import Wanted
from tests.translator.minikube.doctor.made import NEW, PROFILE, RUNNING, on


def test_the_profile_is_that_of_the_cluster() -> None:
    assert RUNNING.profile() == PROFILE
    assert replace(RUNNING, cluster="other").profile() is None
    with pytest.raises(NotTriedError, match="it hung"):
        on(RUNNING, "minikube", profiles=Unknown("it hung")).profile()


def test_the_address_in_the_host_only_network() -> None:
    remembered = on(RUNNING, "minikube", configs={"minikube": Config("192.168.60.1/24")})

    assert NEW.host_address() == "192.168.59.1/24"
    assert remembered.host_only() == IPv4Interface("192.168.60.1/24")
    assert replace(remembered, wanted=Wanted(host_only_cidr="10.0.0.1/16")).host_address() == "10.0.0.1/16"
    assert replace(NEW, wanted=Wanted(host_only_cidr="everything")).host_only() is None


def test_what_a_command_line_of_minikube_needs() -> None:
    assert Facts().arguments == ""
    assert Facts("shop").arguments == " -p shop"
