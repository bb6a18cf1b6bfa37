; An ELF header with one segment that holds the whole file (System V ABI, chapters 4 and 5), and the constants
; of the program, which are the same on every architecture (Linux include/uapi/asm-generic/fcntl.h,
; linux/cdrom.h). The including file defines ELF_MACHINE, ELF_BYTE_ORDER and the labels `entry` and `elf_end`.

O_RDONLY                equ 0
O_NONBLOCK              equ 0x800
CDROMEJECT              equ 0x5309

ELFDATA2LSB             equ 1                   ; little-endian
ELFDATA2MSB             equ 2                   ; big-endian

LOAD_ADDRESS            equ 0x400000

; nasm writes little-endian numbers only.
%macro elf_half 1
  %if ELF_BYTE_ORDER == ELFDATA2MSB
        db (%1) >> 8 & 0xff, (%1) & 0xff
  %else
        dw %1
  %endif
%endmacro
%macro elf_word 1
  %if ELF_BYTE_ORDER == ELFDATA2MSB
        elf_half (%1) >> 16
        elf_half (%1) & 0xffff
  %else
        dd %1
  %endif
%endmacro
%macro elf_xword 1
  %if ELF_BYTE_ORDER == ELFDATA2MSB
        elf_word (%1) >> 32
        elf_word (%1) & 0xffffffff
  %else
        dq %1
  %endif
%endmacro

        org LOAD_ADDRESS

elf_header:
        db 0x7f, 'ELF', 2, ELF_BYTE_ORDER, 1, 0 ; 64 bits, version 1, System V
        dq 0
        elf_half 2                              ; an executable
        elf_half ELF_MACHINE
        elf_word 1
        elf_xword LOAD_ADDRESS + (entry - elf_header)
        elf_xword program_header - elf_header
        elf_xword 0                             ; no section headers
        elf_word 0
        elf_half program_header - elf_header
        elf_half program_header.end - program_header
        elf_half 1
        elf_half 0
        elf_half 0
        elf_half 0

program_header:
        elf_word 1                              ; PT_LOAD
        elf_word 5                              ; readable and executable
        elf_xword 0                             ; offset in the file
        elf_xword LOAD_ADDRESS
        elf_xword LOAD_ADDRESS
        elf_xword elf_end - elf_header
        elf_xword elf_end - elf_header
        elf_xword 0x10000                       ; the largest page of any of the architectures
.end:
