// What is asked of each disk.

/** What a guest does with a disk mounted at $1, for the $2nd time. */
export const loads = {
  '8 MiB, fsync': 'busybox dd if=/data of=$1/s$2 bs=1M count=8 conv=fsync',
  '50 × 4 KiB, synced': [
    'busybox mount -o remount,sync $1',
    'busybox dd if=/data of=$1/f$2 bs=4k count=50',
    'busybox mount -o remount,async $1',
  ].join('; '),
  '200 × 4 KiB, direct': 'busybox dd if=/data of=$1/d$2 bs=4k count=200 oflag=direct',
  'read 32 MiB of the base': 'busybox dd if=$1/data of=/dev/null bs=1M iflag=direct',
}
