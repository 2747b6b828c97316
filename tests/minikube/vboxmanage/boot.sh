#!/usr/bin/env bash
# PID 1 of a machine of namespaces, until it becomes systemd: boot.sh FOLDER DISC DISK, with SHARES.
# namespaces.py starts it inside new namespaces, and brings the network from outside.
set -euo pipefail
folder=$1 disc=$2 disk=$3
magic='boot2docker, please format-me'

# 1 The root: the squashfs in the disc, under a layer of memory. It begins at a sector that is told in the first one.
mount --make-rprivate /
boot=$folder/boot
mkdir -p "$boot"
mount -t tmpfs -o mode=755 boot "$boot"
mkdir -p "$boot"/{disc,layer,root}
offset=$(head -c 32 "$disc" | tr -dc 0-9)
mount -t squashfs -o "ro,loop,offset=$offset" "$disc" "$boot/disc"
mount -t tmpfs -o mode=755 layer "$boot/layer"
mkdir "$boot"/layer/{upper,work}
root=$boot/root
mount -t overlay -o "lowerdir=$boot/disc,upperdir=$boot/layer/upper,workdir=$boot/layer/work" overlay "$root"

# 2 The disk. minikube hands over one that begins with the magic word and a tar of its key, to be formatted.
if [[ $(head -c ${#magic} "$disk" | tr -d '\0') == "$magic" ]]; then
    head -c 16384 "$disk" >"$boot/userdata.tar"
    mkfs.ext4 -q -F -E nodiscard,lazy_itable_init=1 -O ^has_journal -L boot2docker-data "$disk"
fi
mkdir -p "$root/mnt/sda1"
mount -o loop "$disk" "$root/mnt/sda1"
for path in var/lib/{boot2docker,buildkit,cni,containerd,docker,etcd,kubelet,minikube} var/log data \
    tmp/hostpath-provisioner tmp/hostpath_pv; do
    mkdir -p "$root/mnt/sda1/$path" "$root/$path"
    mount --bind "$root/mnt/sda1/$path" "$root/$path"
done
userdata=$root/var/lib/boot2docker/userdata.tar
[[ ! -e $boot/userdata.tar ]] || mv "$boot/userdata.tar" "$userdata"
tar -xf "$userdata" -C "$root/home/docker" --exclude="$magic"
chown -R 1000:1000 "$root/home/docker/.ssh"
chmod 700 "$root/home/docker/.ssh"
chmod 600 "$root"/home/docker/.ssh/*

# 3 The shared folders: hosthome=/home is bound to /hosthome.
for share in ${SHARES:-}; do
    mkdir -p "$root/${share%%=*}"
    mount --bind "${share#*=}" "$root/${share%%=*}"
done
echo 'nameserver 10.0.2.3' >"$root/etc/resolv.conf"

# 4 What a kernel gives to its first process: /proc, /sys with cgroups of version 1, /dev, /run.
mount -t proc proc "$root/proc"
mount -t sysfs sys "$root/sys"
mount -t tmpfs -o mode=755 cgroup "$root/sys/fs/cgroup"
while read -r name hierarchy _ enabled; do
    [[ $name != \#* && $enabled == 1 && $hierarchy != 0 ]] || continue
    mkdir "$root/sys/fs/cgroup/$name"
    mount -t cgroup -o "$name" cgroup "$root/sys/fs/cgroup/$name" || rmdir "$root/sys/fs/cgroup/$name"
done </proc/cgroups
mkdir "$root/sys/fs/cgroup/systemd"
mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
mount -o remount,bind,ro "$root/sys"
dev=$root/dev
mount -t tmpfs -o mode=755 dev "$dev"
mkdir "$dev"/{pts,shm,mqueue,net}
while read -r name major minor; do
    mknod -m 666 "$dev/$name" c "$major" "$minor"
done <<'NODES'
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
kmsg 1 11
tty 5 0
fuse 10 229
net/tun 10 200
NODES
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$dev/pts"
ln -s pts/ptmx "$dev/ptmx"
ln -s /proc/self/fd "$dev/fd"
ln -s fd/0 "$dev/stdin"
ln -s fd/1 "$dev/stdout"
ln -s fd/2 "$dev/stderr"
mount -t tmpfs -o mode=755 run "$root/run"
mkdir -p "$root/run/minikube"
echo 'PERSISTENT_DIR="/mnt/sda1"' >"$root/run/minikube/env"
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.route_localnet=1 net.bridge.bridge-nf-call-iptables=1 2>/dev/null ||
    true

# 5 systemd. It is told of cgroups of version 1, or it tries both kinds at once, and kubelet misses half of them.
cd "$root"
mkdir -p oldroot
pivot_root . oldroot
mount --make-rshared /
umount -l /oldroot
rmdir /oldroot 2>/dev/null || true
exec env -i container=rig PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /sbin/init \
    systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1 \
    --log-target=console --log-level=info --show-status=false </dev/null
