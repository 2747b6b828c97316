#!/usr/bin/env bash
# Certificates, keys and kubeconfigs of one throw-away cluster: pki.sh FOLDER API_IP API_PORT NODE_NAME
# Everything is signed by one CA (EC P-256, ten years). Takes about half a second.
set -euo pipefail
P=$1 IP=$2 PORT=$3 NODE=$4
mkdir -p "$P"; chmod 700 "$P"; cd "$P"
[ -f finished ] && exit 0

key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
cert() { # NAME SUBJECT EXTENDED_KEY_USAGE [SUBJECT_ALT_NAMES]
  key "$1"
  openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
  printf 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=%s\n%s\n' \
    "$3" "${4:+subjectAltName=$4}" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -sha256 \
    -extfile "$1.ext" -out "$1.crt" 2>/dev/null
  rm "$1.csr" "$1.ext"
}
kubeconfig() { # NAME: a self-contained file, certificates inlined
  cat >"$1.kubeconfig" <<Y
apiVersion: v1
kind: Config
clusters:
- name: test
  cluster: {server: "https://$IP:$PORT", certificate-authority-data: $(base64 -w0 ca.crt)}
users:
- name: $1
  user: {client-certificate-data: $(base64 -w0 "$1.crt"), client-key-data: $(base64 -w0 "$1.key")}
contexts:
- name: test
  context: {cluster: test, user: $1}
current-context: test
Y
}

key ca
openssl req -x509 -new -key ca.key -subj /CN=test-ca -days 3650 -sha256 -out ca.crt \
  -addext keyUsage=critical,digitalSignature,keyCertSign,cRLSign
# RSA: the issuer's tokens are RS256 in every distribution; EC works too (ES256)
openssl genrsa -out sa.key 2048 2>/dev/null; openssl rsa -in sa.key -pubout -out sa.pub 2>/dev/null

cert apiserver /CN=kube-apiserver serverAuth \
  "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,DNS:localhost,IP:127.0.0.1,IP:10.96.0.1,IP:$IP"
cert kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client clientAuth
cert front-proxy /CN=front-proxy-client clientAuth
cert admin /O=system:masters/CN=kubernetes-admin clientAuth; kubeconfig admin
cert controller-manager /CN=system:kube-controller-manager clientAuth; kubeconfig controller-manager
cert scheduler /CN=system:kube-scheduler clientAuth; kubeconfig scheduler
cert proxy /CN=system:kube-proxy clientAuth; kubeconfig proxy
cert kubelet "/O=system:nodes/CN=system:node:$NODE" clientAuth; kubeconfig kubelet
cert kubelet-serving "/O=system:nodes/CN=system:node:$NODE" serverAuth "DNS:$NODE,IP:127.0.0.1,IP:$IP"
touch finished
