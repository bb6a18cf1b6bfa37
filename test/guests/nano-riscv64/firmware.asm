; Firmware for QEMU's riscv64 machine `virt`, which starts every processor at its first byte: one line to the
; serial port, then sleep without end. Instruction encodings: RISC-V Instruction Set Manual, volume I (RV64I and
; Zicsr), volume II (wfi, mhartid).

        bits 64

UART                    equ 0x10000000          ; 16550A: QEMU hw/riscv/virt.c
THR                     equ 0                   ; transmit holding register
LSR                     equ 5                   ; line status register
LSR_THRE                equ 0x20                ; the holding register is empty
MHARTID                 equ 0xf14

ZERO                    equ 0                   ; registers by their numbers
T0                      equ 5
T1                      equ 6
T2                      equ 7

%macro i_type 5                                 ; opcode, funct3, rd, rs1, immediate
        dd ((%5) & 0xfff) << 20 | %4 << 15 | %2 << 12 | %3 << 7 | %1
%endmacro
%macro addi 3                                   ; addi %1, %2, %3
        i_type 0x13, 0, %1, %2, %3
%endmacro
%macro andi 3                                   ; andi %1, %2, %3
        i_type 0x13, 7, %1, %2, %3
%endmacro
%macro lbu 3                                    ; lbu %1, %3(%2)
        i_type 0x03, 4, %1, %2, %3
%endmacro
%macro csrr 2                                   ; csrr %1, %2
        i_type 0x73, 2, %1, ZERO, %2
%endmacro
%macro sb_thr 2                                 ; sb %1, THR(%2)
        dd %1 << 20 | %2 << 15 | THR << 7 | 0x23
%endmacro
%macro lui 2                                    ; lui %1, %2 >> 12
        dd (%2) & 0xfffff000 | %1 << 7 | 0x37
%endmacro
%macro auipc_0 1                                ; auipc %1, 0
        dd %1 << 7 | 0x17
%endmacro
%macro b_type 3                                 ; funct3, rs1, target; rs2 is zero, less than 2 KiB away
        dd ((%3 - $) >> 12 & 1) << 31 | ((%3 - $) >> 5 & 0x3f) << 25 | %2 << 15 | %1 << 12 \
                | ((%3 - $) >> 1 & 0xf) << 8 | ((%3 - $) >> 11 & 1) << 7 | 0x63
%endmacro
%macro beqz 2                                   ; beqz %1, %2
        b_type 0, %1, %2
%endmacro
%macro bnez 2                                   ; bnez %1, %2
        b_type 1, %1, %2
%endmacro
%macro wfi 0                                    ; wfi
        dd 0x10500073
%endmacro

start:
        csrr T0, MHARTID
        bnez T0, sleep                          ; the first processor alone writes
        auipc_0 T0
here:   addi T0, T0, message - here + 4
        lui T1, UART
next:
        lbu T2, T1, LSR
        andi T2, T2, LSR_THRE
        beqz T2, next
        lbu T2, T0, 0
        beqz T2, sleep
        sb_thr T2, T1
        addi T0, T0, 1
        beqz ZERO, next
sleep:
        wfi
        beqz ZERO, sleep

message: db 'nano: hello', 10, 0
