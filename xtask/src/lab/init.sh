#!/bin/sh
# First process under the lab's kernel. The root is the host's own, over hostfs and read-only; this puts a tmpfs overlay on
# it, so that everything may be written and nothing stays, and runs LAB_DIR/command there.
# pivot_root and not chroot: under a chroot AppArmor sees paths below /mnt, and no rule for a path matches.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root USER=root LANG=C.UTF-8
# busybox, which halts the machine anyway, stands in for what a small host lacks: kmod, iproute2.
# util-linux 2.39 mounts with fsopen(2), which hostfs of these kernels cannot do.
export LIBMOUNT_FORCE_MOUNT2=always
set -e
trap 'echo "lab: setting up failed"' EXIT

mount -t proc proc /proc
mount -t sysfs sys /sys
for module in overlay $LAB_MODULES; do
    file=$(find "/usr/lib/uml/modules/$(uname -r)" -name "$module.ko*" | head -n 1)
    if [ -z "$file" ]; then echo "lab: this kernel has no module $module"; continue; fi
    busybox insmod "$file"
done

mount -t tmpfs lab /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
root=/mnt/root
mount -t proc proc $root/proc
mount -t sysfs sys $root/sys
mount -t cgroup2 cgroup2 $root/sys/fs/cgroup
mount -t securityfs securityfs $root/sys/kernel/security
if [ -d $root/sys/fs/smackfs ]; then mount -t smackfs smackfs $root/sys/fs/smackfs; fi
if [ -d $root/sys/fs/selinux ]; then mount -t selinuxfs selinuxfs $root/sys/fs/selinux; fi
# /tmp and /run are empty file systems of the lab, but for what the caller needs of its own there: a checkout, say.
number=0
while IFS= read -r kept <&3; do
    number=$((number + 1))
    mkdir "/mnt/kept$number"
    mount -n --bind "$root$kept" "/mnt/kept$number"
done 3<"$LAB_DIR/kept"
mount -t tmpfs tmp $root/tmp -o mode=1777
mount -t tmpfs run $root/run -o mode=755
mkdir -p $root/run/lock
number=0
while IFS= read -r kept <&3; do
    number=$((number + 1))
    mkdir -p "$root$kept"
    mount -n --move "/mnt/kept$number" "$root$kept"
done 3<"$LAB_DIR/kept"

mount -t tmpfs dev $root/dev -o mode=755
node() { mknod -m "$4" "$root/dev/$1" c "$2" "$3"; }
node null 1 3 666
node zero 1 5 666
node full 1 7 666
node random 1 8 666
node urandom 1 9 666
node tty 5 0 666
node console 5 1 600
node fuse 10 229 666
mkdir $root/dev/pts $root/dev/shm $root/dev/mqueue
mount -t devpts devpts $root/dev/pts -o ptmxmode=666
mount -t tmpfs shm $root/dev/shm -o mode=1777
mount -t mqueue mqueue $root/dev/mqueue
ln -s pts/ptmx $root/dev/ptmx
ln -s /proc/self/fd $root/dev/fd
ln -s fd/0 $root/dev/stdin
ln -s fd/1 $root/dev/stdout
ln -s fd/2 $root/dev/stderr

# LAB_DIR and what the caller named are the host's own, live in both directions. Read through descriptor 3: the loop's
# commands must not eat the list.
while IFS= read -r shared <&3; do
    mkdir -p "$root$shared"
    mount -t hostfs none "$root$shared" -o "$shared"
done 3<"$LAB_DIR/shared"

cd $root
mkdir -p mnt/old
pivot_root . mnt/old
cd /
umount -l /mnt/old
busybox hostname lab
busybox ip link set lo up
trap - EXIT
set +e

/bin/sh "$LAB_DIR/command" </dev/null >"$LAB_DIR/stdout" 2>"$LAB_DIR/stderr"
echo $? >"$LAB_DIR/code"
sync
busybox halt -f -n
