; An ELF header with one segment that holds the whole file (System V ABI, chapters 4 and 5), and the constants
; of the program, which are the same on both architectures (Linux include/uapi/asm-generic/fcntl.h,
; linux/cdrom.h). The including file defines ELF_MACHINE and the labels `entry` and `elf_end`.

O_RDONLY                equ 0
O_NONBLOCK              equ 0x800
CDROMEJECT              equ 0x5309

        org 0x400000

elf_header:
        db 0x7f, 'ELF', 2, 1, 1, 0              ; 64 bits, little-endian, version 1, System V
        dq 0
        dw 2, ELF_MACHINE                       ; an executable
        dd 1
        dq entry
        dq program_header - elf_header
        dq 0                                    ; no section headers
        dd 0
        dw program_header - elf_header, program_header.end - program_header, 1, 0, 0, 0

program_header:
        dd 1, 5                                 ; PT_LOAD, readable and executable
        dq 0                                    ; offset in the file
        dq elf_header, elf_header
        dq elf_end - elf_header, elf_end - elf_header
        dq 0x10000                              ; the largest page of either architecture
.end:
