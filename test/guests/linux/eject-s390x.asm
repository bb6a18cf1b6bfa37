; Ejects /dev/sr0, as busybox has no eject: a static ELF program of its own, without a linker or an assembler
; for this architecture. Instruction encodings: z/Architecture Principles of Operation, chapter 7; system call
; numbers: Linux arch/s390/kernel/syscalls/syscall.tbl; the number is part of the instruction, the arguments are in
; r2 and up.

%define ELF_MACHINE 22                          ; EM_S390
%define ELF_BYTE_ORDER ELFDATA2MSB
%include "elf.asm"

SYS_EXIT                equ 1
SYS_OPEN                equ 5
SYS_IOCTL               equ 54

%macro lghi 2                                   ; lghi %%r%1, %2
        db 0xa7, %1 << 4 | 9
        elf_half %2
%endmacro
%macro larl 2                                   ; larl %%r%1, %2; the target is aligned to 2 bytes
%%here: db 0xc0, %1 << 4
        elf_word (%2 - %%here) / 2
%endmacro
%macro ltgr 1                                   ; ltgr %%r%1, %%r%1
        db 0xb9, 0x02, 0x00, %1 << 4 | %1
%endmacro
%macro jl 1                                     ; jl %1; forwards only
%%here: db 0xa7, 0x44
        elf_half (%1 - %%here) / 2
%endmacro
%macro srlg_63 1                                ; srlg %%r%1, %%r%1, 63
        db 0xeb, %1 << 4 | %1, 0x00, 63, 0x00, 0x0c
%endmacro
%macro svc 1                                    ; svc %1
        db 0x0a, %1
%endmacro

entry:
        larl 2, device
        lghi 3, O_RDONLY | O_NONBLOCK
        svc SYS_OPEN
        ltgr 2
        jl .exit
        lghi 3, CDROMEJECT
        lghi 4, 0
        svc SYS_IOCTL
.exit:
        srlg_63 2                               ; 1 for a negative error number, else 0
        svc SYS_EXIT

        align 2, db 0
device: db '/dev/sr0', 0
elf_end:
