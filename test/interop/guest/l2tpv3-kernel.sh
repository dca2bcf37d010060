#!/bin/bash
# Puts a kernel with L2TPv3 for QEMU guests into a folder: Debian's cloud kernel, fetched by apt and unpacked but not installed,
# and an initramfs that hands over to init.pl. User-Mode Linux has no L2TPv3. Does nothing when the folder is complete.
set -euo pipefail
readonly FOLDER=${1:-/var/cache/vpdn-test/l2tpv3}
[ ! -e "$FOLDER/initrd.gz" ] || exit 0
mkdir -p "$FOLDER"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: \(linux-image-.*\)/\1/p' | head -1)
[ -n "$package" ] || { echo 'apt knows no linux-image-cloud-amd64'; exit 1; }
apt-get download -q -o APT::Sandbox::User=root "$package"
rm -rf "$FOLDER/kernel"
dpkg-deb -x "$package"*.deb "$FOLDER/kernel"
release=$(ls "$FOLDER/kernel/lib/modules")
depmod -b "$FOLDER/kernel" "$release"
cp "$FOLDER/kernel/boot/vmlinuz-$release" "$FOLDER/vmlinuz"

# What it takes to mount the host's root: a shell, three programs with their libraries, and the modules in load order.
mkdir -p root/{bin,dev,proc,mnt,m}
need() {
  [ -e "root$1" ] && return
  mkdir -p "root$(dirname "$1")"
  cp -L "$1" "root$1"
}
for program in /bin/bash /bin/mount /bin/mkdir /bin/kmod /usr/sbin/chroot; do
  need "$program"
  for library in $(ldd "$program" | grep -o '/[^ ]*'); do need "$library"; done
done
ln -s kmod root/bin/insmod
for module in virtio_pci virtio_net virtiofs overlay; do
  modprobe -d "$FOLDER/kernel" -S "$release" --show-depends "$module"
done | awk '/insmod/ && !seen[$2]++ { print $2 }' | while read -r file; do
  cp "$file" root/m/
  echo "/m/$(basename "$file")" >>root/order
done
cat >root/init <<'INIT'
#!/bin/bash
PATH=/bin:/usr/sbin:/sbin:/usr/bin
mount -n -t proc proc /proc
mount -n -t devtmpfs devtmpfs /dev
while read -r module; do insmod "$module"; done </order
mount -n -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root /mnt/lower
mount -n -t virtiofs -o ro root /mnt/lower
mount -n -t overlay -o lowerdir=/mnt/lower,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
mount -n --move /proc /mnt/root/proc
mount -n --move /dev /mnt/root/dev
mkdir -p /mnt/root/share
mount -n -t virtiofs share /mnt/root/share
exec chroot /mnt/root /usr/bin/perl /share/init.pl
INIT
chmod +x root/init
(cd root && find . | cpio -o -H newc --quiet | gzip -1) >"$FOLDER/initrd.gz.new"
mv "$FOLDER/initrd.gz.new" "$FOLDER/initrd.gz"
