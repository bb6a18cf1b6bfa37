; The nano guest: a machine of a few kilobytes that boots in some 60 ms, shows the configuration that it was
; given and does what its "action" says. README.md beside this directory holds the contract.
;
; 16-bit code for a PC with a BIOS. SeaBIOS loads the first sector to 0x7c00 with the boot drive in DL (BIOS
; Boot Specification 1.01, 6.5.1); that sector loads the rest. DS, ES and SS are 0 throughout, so that an
; offset is a physical address; FS and GS point at the buffers below.

        bits 16
        cpu 386
        org 0x7c00

%define BUFFER_SEGMENT     0x1000               ; 64 KiB: directory sectors, or what fill-disk writes
%define JSON_SEGMENT       0x2000               ; instance.json and a terminating zero
%define VIRTQUEUE_SEGMENT  0x3000               ; 64 KiB for the virtqueue, which starts on a page
%define SECTOR_SIZE        512
%define LOADED_SECTORS     ((image_end - $$) / SECTOR_SIZE)
%define MARKER_SECTOR      64                   ; behind the code, before what fill-disk writes
%define FILL_START_SECTOR  128

boot:
        jmp 0:.segments                         ; some BIOSes start a boot sector at 0x07c0:0
.segments:
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7c00
        cld
        sti
        mov [root_drive], dl
        mov si, boot_packet
        mov ah, DISK_READ
        int 0x13
        jnc main
.halt:
        hlt
        jmp .halt

boot_packet:                                    ; EDD-3, 2.4 (disk address packet)
        db 16, 0
        dw LOADED_SECTORS - 1
        dw boot_end, 0
        dq 1

root_drive: db 0

        times 510 - ($ - $$) db 0
        dw 0xaa55
boot_end:

main:
        call serial_initialise
        mov si, text_hello
        call print_line
        call config_disk_find
        jc .no_instance
        call instance_read
        jc .no_instance
        call instance_print
        call action_read
        jmp action_run
.no_instance:
        mov si, text_no_instance
        call print_line
        jmp power_off

text_hello:       db 'nano: hello', 0
text_no_instance: db 'nano: no instance.json', 0

%include "serial.asm"
%include "disk.asm"
%include "iso9660.asm"
%include "instance.asm"
%include "power.asm"
%include "pci.asm"
%include "virtio-scsi.asm"
%include "crash.asm"
%include "actions.asm"

        align SECTOR_SIZE, db 0
image_end:

%if LOADED_SECTORS > MARKER_SECTOR
  %error the code reaches into the marker sector
%endif
