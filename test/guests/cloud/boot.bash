# What boots the cloud guest: an initramfs that mounts the root file system, and its place on the disk. To be
# sourced after the Linux guests' initramfs.bash and disk.bash.

# The disks. ext4 is built into the kernel.
modules=(virtio_pci virtio_blk virtio_scsi sr_mod)
modules_if_any=()

# Makes initramfs $2 from the packages unpacked in directory $1.
boot_initramfs_create() {
  local tree=$2.d release applet
  release=$(echo "$1"/boot/vmlinuz-*)
  release=${release##*/vmlinuz-}
  mkdir -p "$tree"/{bin,dev,lib/modules,root}
  install -m 0755 "$(find "$1" -path '*/bin/busybox')" "$tree/bin/busybox"
  for applet in insmod mount sh switch_root; do
    ln -s busybox "$tree/bin/$applet"
  done
  install -m 0755 "$recipe/init" "$tree/init"
  modules_install "$1" "$release" "$tree/lib/modules"
  (cd "$tree" && find . | LC_ALL=C sort | cpio --quiet --create --format=newc --owner=+0:+0) >"$2"
}

# Appends file system $2 to disk $1 as its second partition, of the type Linux.
disk_append_partition() {
  local start=$((partition_start + partition_size)) size=$(($(stat -c %s "$2") / 512))
  # The second entry of the partition table (UEFI 2.10, 5.2.1).
  printf '%b%b%b' '\0\0\0\0\x83\0\0\0' "$(little_endian $start)" "$(little_endian $size)" |
    dd of="$1" bs=1 seek=462 conv=notrunc status=none
  dd if="$2" of="$1" bs=1M seek=$((start / 2048)) conv=notrunc,sparse status=none
  truncate -s $(((start + size) * 512)) "$1"
}
