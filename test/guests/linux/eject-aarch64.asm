; Ejects /dev/sr0, as busybox has no eject: a static ELF program of its own, without a linker or an assembler
; for this architecture. Instruction encodings: Arm Architecture Reference Manual for A-profile, C6.2; system
; call numbers: Linux include/uapi/asm-generic/unistd.h.

        bits 64

%define ELF_MACHINE 183                         ; EM_AARCH64
%define ELF_BYTE_ORDER ELFDATA2LSB
%include "elf.asm"

SYS_IOCTL               equ 29
SYS_OPENAT              equ 56
SYS_EXIT                equ 93
AT_FDCWD                equ -100

%macro movz 2                                   ; movz x%1, #%2
        dd 0xd2800000 | (%2) << 5 | %1
%endmacro
%macro movn 2                                   ; movn x%1, #%2: x%1 = ~%2
        dd 0x92800000 | (%2) << 5 | %1
%endmacro
%macro adr 2                                    ; adr x%1, %2; the target is aligned to 4 bytes
        dd 0x10000000 | (%2 - $) / 4 << 5 | %1
%endmacro
%macro tbnz_63 2                                ; tbnz x%1, #63, %2; forwards only
        dd 0xb7f80000 | (%2 - $) / 4 << 5 | %1
%endmacro
%macro lsr_63 1                                 ; lsr x%1, x%1, #63
        dd 0xd37ffc00 | %1 << 5 | %1
%endmacro
%macro svc_0 0                                  ; svc #0
        dd 0xd4000001
%endmacro

entry:
        movn 0, ~AT_FDCWD
        adr 1, device
        movz 2, O_RDONLY | O_NONBLOCK
        movz 3, 0
        movz 8, SYS_OPENAT
        svc_0
        tbnz_63 0, .exit
        movz 1, CDROMEJECT
        movz 2, 0
        movz 8, SYS_IOCTL
        svc_0
.exit:
        lsr_63 0                                ; 1 for a negative error number, else 0
        movz 8, SYS_EXIT
        svc_0

device: db '/dev/sr0', 0
elf_end:
