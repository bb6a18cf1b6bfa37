; Ejects /dev/sr0, as busybox has no eject: a static ELF program of its own, without a linker. System calls as
; in the System V ABI, AMD64 supplement, A.2.1; their numbers are in Linux
; arch/x86/entry/syscalls/syscall_64.tbl.

        bits 64

%define ELF_MACHINE 62                          ; EM_X86_64
%define ELF_BYTE_ORDER ELFDATA2LSB
%include "elf.asm"

SYS_OPEN                equ 2
SYS_IOCTL               equ 16
SYS_EXIT                equ 60

entry:
        mov eax, SYS_OPEN
        lea rdi, [rel device]
        mov esi, O_RDONLY | O_NONBLOCK
        syscall
        test eax, eax
        js .exit
        mov edi, eax
        mov eax, SYS_IOCTL
        mov esi, CDROMEJECT
        xor edx, edx
        syscall
.exit:
        mov edi, eax
        shr edi, 31                             ; 1 for a negative error number, else 0
        mov eax, SYS_EXIT
        syscall

device: db '/dev/sr0', 0
elf_end:
