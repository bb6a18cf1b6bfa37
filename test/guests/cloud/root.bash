# The cloud guest's root file system. To be sourced after the Linux guests' initramfs.bash.

# cloud-init, and what Debian's cloud image has beside it that a boot calls. That image has netplan to configure
# systemd-networkd; cloud-init does so by itself as well, which saves 4 s of a boot under emulation.
packages=(cloud-init cloud-guest-utils dbus e2fsprogs iproute2 kmod netbase qemu-guest-agent systemd-sysv udev)

excluded=('/usr/share/doc/*' '/usr/share/i18n/*' '/usr/share/locale/*' '/usr/share/man/*')

# What a vmrun machine has beside its disks; each one's dependencies are added.
root_modules=(button evdev isofs nls_utf8 pvpanic_pci virtio_console virtio_net virtio_rng)

# What takes time at every boot and does nothing for a test. cloud-init is left as it is.
masked=(
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer
  dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount
  proc-sys-fs-binfmt_misc.automount systemd-binfmt.service
  e2scrub_reap.service getty.target modprobe@.service systemd-pstore.service
  systemd-update-utmp.service systemd-update-utmp-runlevel.service
)

# Installs the packages for machine architecture $1 from apt sources $2 and packs the result into archive $3.
root_packages_install() {
  local options=() path
  for path in "${excluded[@]}"; do
    options+=(--dpkgopt="path-exclude=$path")
  done
  # shellcheck disable=SC2016 # the hook's
  mmdebstrap --architectures="$(debian_architecture "$1")" --variant=apt \
    --include="$(IFS=,; echo "${packages[*]}")" "${options[@]}" \
    --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
    --customize-hook='chroot "$1" systemctl --quiet enable systemd-networkd' \
    '' "$3" "$2"
}

# Sets up the system installed in directory $1, with modules of the kernel unpacked in directory $2.
root_configure() {
  local units=$1/etc/systemd/system unit
  root_modules_install "$2" "$1"
  # mmdebstrap leaves the host's.
  rm "$1/etc/hostname" "$1/etc/resolv.conf"
  # Debian's cloud image says so too; without it cloud-init generates a locale.
  echo 'LANG=C.UTF-8' >"$1/etc/default/locale"
  echo '/dev/vda2 / ext4 errors=remount-ro 0 0' >"$1/etc/fstab"
  # As with netplan, nothing waits for a network that cloud-init found no card to configure for.
  mkdir "$units/systemd-networkd-wait-online.service.d"
  printf '[Unit]\nConditionDirectoryNotEmpty=/etc/systemd/network\n' \
    >"$units/systemd-networkd-wait-online.service.d/configured.conf"
  for unit in "${masked[@]}"; do
    ln -s /dev/null "$units/$unit"
  done
}

# Puts the modules of the kernel unpacked in directory $1 that the system needs into directory $2.
root_modules_install() {
  local source target module
  source=$(find "$1" -path '*/lib/modules/*' -prune)
  target=$2/usr/lib/modules/${source##*/}
  mkdir -p "$target"
  cp "$source"/modules.{builtin,builtin.modinfo,order} "$target/"
  for module in "${root_modules[@]}"; do
    module_files "$source" "$module"
  done | LC_ALL=C sort -u | tar -C "$source" -cf - -T - | tar -C "$target" -xf -
  depmod -b "$2" "${source##*/}"
}
