# The guest's initramfs: busybox, init, the few kernel modules that a vmrun machine needs. To be sourced.

# In the order of loading, after those of the machine; each one's dependencies are added. A kernel may have some
# built in.
modules=(virtio_blk virtio_scsi sr_mod isofs virtio_net virtio_rng virtio_console)
# Not every architecture's kernel has these.
modules_if_any=(pvpanic_pci)

# The busybox applets that init and its scripts call.
applets=(
  acpid cat cut findfs grep head insmod ip mkdir mount nc poweroff readlink rm rmdir sh sha256sum sleep udhcpc umount
  uname
)

# Prints what virtio devices and the power button take on machine architecture $1; s390x kernels have it built in.
machine_modules() {
  case $1 in
    x86_64 | aarch64) echo virtio_pci button evdev ;;
  esac
}

# Makes initramfs $3 for machine architecture $2 from the packages unpacked in directory $1.
initramfs_create() {
  local tree=$3.d release applet recipe
  recipe=$(dirname "${BASH_SOURCE[0]}")
  release=$(echo "$1"/boot/vmlinuz-*)
  release=${release##*/vmlinuz-}
  mkdir -p "$tree"/{bin,dev,etc/acpi/PWRF,lib/modules,mnt,proc,run,sys,var/run}
  # /bin before Debian 13, /usr/bin since.
  install -m 0755 "$(find "$1" -path '*/bin/busybox')" "$tree/bin/busybox"
  for applet in "${applets[@]}"; do
    ln -s busybox "$tree/bin/$applet"
  done
  install -m 0755 "$recipe/init" "$tree/init"
  install -m 0755 "$recipe/udhcpc.script" "$tree/etc/udhcpc.script"
  install -m 0755 "$recipe/greet" "$tree/bin/greet"
  install -m 0755 "$recipe/power-button" "$tree/bin/power-button"
  install -m 0755 "$recipe"/../../../guest/vmrun-{job,say} "$tree/bin/"
  ln -s /bin/power-button "$tree/etc/acpi/PWRF/00000080"
  nasm -f bin -w+all -I "$recipe/" -o "$tree/bin/eject" "$recipe/eject-$2.asm"
  chmod 0755 "$tree/bin/eject"
  read -ra modules <<<"$(machine_modules "$2") ${modules[*]}"
  modules_install "$1" "$release" "$tree/lib/modules"
  (cd "$tree" && find . | LC_ALL=C sort | cpio --quiet --create --format=newc --owner=+0:+0) >"$3"
}

# Puts the modules of kernel release $2 under directory $1 into directory $3, and their file names in the
# order of loading into its file `order`.
modules_install() {
  local directory module file
  directory=$(find "$1" -path "*/lib/modules/$2")
  depmod -b "${directory%/lib/modules/*}" "$2"
  for module in "${modules[@]}" "${modules_if_any[@]}"; do
    module_files "$directory" "$module"
  done | awk '!seen[$0]++' >modules.order
  while read -r file; do
    module_install "$directory/$file" "$3"
  done <modules.order >"$3/order"
}

# Prints the files of module $2 and of what it depends on, in the order of loading, relative to directory $1;
# nothing for one that is built in.
module_files() {
  local name=${2//_/[-_]} line
  if line=$(grep -E "/$name\.ko(\.[a-z0-9]+)?:" "$1/modules.dep"); then
    tr ' ' '\n' <<<"${line/:/}" | tac
  elif ! grep -qE "/$name\.ko" "$1/modules.builtin" && [[ " ${modules[*]} " == *" $2 "* ]]; then
    echo "the kernel has no module $2" >&2
    return 1
  fi
}

# Puts module file $1 into directory $2, unpacked and without its signature, whose check is a tenth of a
# second of boot time under emulation, and prints its name. The signature's end tells its length (struct
# module_signature, Linux include/linux/module_signature.h).
module_install() {
  local name magic='~Module signature appended~' length trailer=40
  name=$(basename "$1")
  name=${name%.xz}
  case $1 in
    *.xz) xz --decompress --stdout "$1" >"$2/$name" ;;
    *) cp "$1" "$2/$name" ;;
  esac
  if [[ $(tail -c 28 "$2/$name" | tr -d '\0') == "$magic" ]]; then
    # Big-endian; no signature is longer than 64 KiB.
    length=$(tail -c 30 "$2/$name" | od -An -tu1 -N 2 | awk '{print $1 * 256 + $2}')
    truncate -s "-$((length + trailer))" "$2/$name"
  fi
  echo "$name"
}
