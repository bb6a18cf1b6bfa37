# The guest's disk, with kernel and initramfs: one FAT partition and a boot loader, but an ISO 9660 for s390x. To be
# sourced.

# In 512-byte sectors.
partition_start=2048
partition_size=$((126 * 2048))

# Makes a disk $1 whose one partition has the type $2 and an empty FAT file system.
disk_partition() {
  truncate -s $(((partition_start + partition_size) * 512)) "$1"
  # The first entry of the partition table (UEFI 2.10, 5.2.1): active, no CHS addresses, type, start, size.
  printf '%b%b%b' "\\x80\\0\\0\\0\\x$2\\0\\0\\0" \
    "$(little_endian $partition_start)" "$(little_endian $partition_size)" |
    dd of="$1" bs=1 seek=446 conv=notrunc status=none
  printf '\x55\xaa' | dd of="$1" bs=1 seek=510 conv=notrunc status=none
  mformat -i "$1@@$((partition_start * 512))" -T "$partition_size" -h 16 -s 63 -H "$partition_start" -N 0 ::
}

# Prints $1 as printf escapes of four bytes, lowest first.
little_endian() {
  printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24))
}

# Copies files onto disk $1: pairs of a local file and its path on the disk.
disk_copy() {
  local partition=$1@@$((partition_start * 512))
  shift
  while (($# > 0)); do
    mcopy -i "$partition" "$1" "::$2"
    shift 2
  done
}

# Makes disk $4 for a PC's BIOS: kernel $1, initramfs $2, kernel options $3.
disk_create_x86_64() {
  disk_partition "$4" 0c
  dd if=/usr/lib/syslinux/mbr/mbr.bin of="$4" bs=440 count=1 conv=notrunc status=none
  cat >syslinux.cfg <<END
default linux
prompt 0
timeout 0
label linux
  kernel /linux
  initrd /initrd
  append console=ttyS0 $3 panic=0
END
  disk_copy "$4" "$1" /linux "$2" /initrd syslinux.cfg /syslinux.cfg
  syslinux --install --offset $((partition_start * 512)) "$4"
}

# Makes disk $4 for UEFI on arm64. Debian's kernel has no pvpanic there: a panic resets the machine at once.
disk_create_aarch64() {
  disk_partition "$4" ef
  mmd -i "$4@@$((partition_start * 512))" ::/EFI ::/EFI/BOOT ::/loader ::/loader/entries
  printf 'timeout 0\ndefault linux.conf\neditor no\n' >loader.conf
  cat >linux.conf <<END
title Linux
linux /linux
initrd /initrd
options console=ttyAMA0 $3 panic=-1
END
  disk_copy "$4" "$1" /linux "$2" /initrd \
    loader.conf /loader/loader.conf linux.conf /loader/entries/linux.conf \
    root/usr/lib/systemd/boot/efi/systemd-bootaa64.efi /EFI/BOOT/BOOTAA64.EFI
}

# Makes disk $4 for the s390-ccw firmware, which loads the El Torito image of an ISO 9660 to address 0 and starts
# the kernel in it. The kernel finds initramfs and options by its parameter area (struct parmarea, Linux
# arch/s390/include/asm/setup.h).
disk_create_s390x() {
  local initrd_start initrd_size
  initrd_start=$(stat -c %s "$1")
  initrd_size=$(stat -c %s "$2")
  mkdir iso
  cat "$1" "$2" >iso/image
  printf '%b' "$(big_endian "$initrd_start" "$initrd_size")" | image_patch iso/image 0x10408
  printf '%s\0' "console=ttysclp0 $3 panic=0" | image_patch iso/image 0x10480
  genisoimage -quiet -eltorito-boot image -no-emul-boot -o "$4" iso
}

# Prints the numbers as printf escapes of eight bytes each, highest first.
big_endian() {
  printf '%016x' "$@" | sed 's/../\\x&/g'
}

# Writes standard input over image $1 from offset $2 on.
image_patch() {
  dd of="$1" bs=1 seek=$(($2)) conv=notrunc status=none
}
