#!/bin/sh
# Runs a throw-away virtual machine as people do without vmrun, with QEMU's own defaults but for the CPU model, which is
# the one that vmrun emulates:
#   plain-run.sh ARCHITECTURE IMAGE INSTANCE_JSON RAM
# Its serial console is stdout.
set -eu

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

qemu-img create -q -f qcow2 -F qcow2 -b "$2" "$directory/overlay.qcow2"
mkdir "$directory/config"
cp "$3" "$directory/config/instance.json"
genisoimage -quiet -R -J -V instance-configuration -o "$directory/config.iso" "$directory/config"

case $1 in
  x86_64) set -- "$4" qemu-system-x86_64 -machine pc -cpu max ;;
  aarch64) set -- "$4" qemu-system-aarch64 -machine virt -cpu max -bios /usr/share/qemu-efi-aarch64/QEMU_EFI.fd ;;
esac
ram=$1
shift
"$@" -m "$ram" -drive "file=$directory/overlay.qcow2,format=qcow2,if=virtio" -cdrom "$directory/config.iso" \
  -display none -serial stdio
