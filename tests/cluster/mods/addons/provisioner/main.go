// The hostPath provisioner of minikube (its own package), run as a process of the node, or in minikube's pod:
// provisioner [-kubeconfig FILE] [-dir DIR] [-node NAME]; the pod gives it no words. Its stock main asks for an
// Endpoints lock, which client-go has removed; one node needs no leader election.
//
// A class with the parameter `looks: block` gets folders that look like an ext4 file system: owned by root,
// mode 0755, with lost+found; as local volumes, since kubelet changes no group (fsGroup) of a hostPath.
package main

import (
	"context"
	"flag"
	"net"
	"os"
	"path/filepath"
	"time"

	core "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	"k8s.io/minikube/pkg/storage"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v6/controller"
)

type provisioner struct {
	controller.Provisioner
	node string
}

func (p provisioner) Provision(ctx context.Context, o controller.ProvisionOptions) (*core.PersistentVolume, controller.ProvisioningState, error) {
	volume, state, err := p.Provisioner.Provision(ctx, o)
	if err != nil || o.StorageClass.Parameters["looks"] != "block" {
		return volume, state, err
	}
	path := volume.Spec.HostPath.Path
	if err := os.MkdirAll(filepath.Join(path, "lost+found"), 0o700); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	if err := os.Chmod(path, 0o755); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	volume.Spec.HostPath, volume.Spec.Local = nil, &core.LocalVolumeSource{Path: path}
	here := core.NodeSelectorRequirement{
		Key: core.LabelHostname, Operator: core.NodeSelectorOpIn, Values: []string{p.node},
	}
	volume.Spec.NodeAffinity = &core.VolumeNodeAffinity{Required: &core.NodeSelector{
		NodeSelectorTerms: []core.NodeSelectorTerm{{MatchExpressions: []core.NodeSelectorRequirement{here}}},
	}}
	return volume, state, nil
}

func (p provisioner) Delete(ctx context.Context, volume *core.PersistentVolume) error {
	if volume.Spec.Local != nil {
		return os.RemoveAll(volume.Spec.Local.Path)
	}
	return p.Provisioner.Delete(ctx, volume)
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "kubeconfig; that of the pod if not given")
	dir := flag.String("dir", "/tmp/hostpath-provisioner", "where the volumes go: DIR/NAMESPACE/CLAIM")
	node := flag.String("node", "", "name of this node")
	flag.Parse()
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		klog.Exit(err)
	}
	// A pod may come before kube-proxy knows the way to the server: a connection that was begun too early never finds it.
	config.Dial = (&net.Dialer{Timeout: time.Second}).DialContext
	client := kubernetes.NewForConfigOrDie(config)
	version, err := client.Discovery().ServerVersion()
	for ; err != nil; version, err = client.Discovery().ServerVersion() {
		klog.Error(err)
		time.Sleep(200 * time.Millisecond)
	}
	makes := provisioner{storage.NewHostPathProvisioner(*dir), *node}
	controller.NewProvisionController(client, "k8s.io/minikube-hostpath", makes,
		version.GitVersion, controller.LeaderElection(false)).Run(context.Background())
}
