; Two ways for a machine to end badly.

PVPANIC_ID           equ 0x00111b36             ; QEMU docs/specs/pvpanic.rst and docs/specs/pci-ids.rst
PVPANIC_PANICKED     equ 1 << 0
FLAT_SELECTOR        equ 8
PROTECTION_ENABLE    equ 1

; Reports a panic to QEMU's pvpanic-pci device. Carry is set when there is none.
panic_report:
        mov eax, PVPANIC_ID
        call pci_find
        jc .end
        call pci_enable
        and al, 0xf0                            ; the lowest bits tell the kind of memory
        call flat_segment_load
        mov byte [gs:eax], PVPANIC_PANICKED
        clc
.end:
        ret

; Gives GS base 0 and a limit of 4 GiB, which it keeps in real mode ("unreal mode"): in a look at protected
; mode, as segment limits are loaded only there (Intel SDM 3A, 3.4.3 and 21.1). Keeps EAX.
flat_segment_load:
        cli
        lgdt [gdt_pointer]
        mov ecx, cr0
        or cl, PROTECTION_ENABLE
        mov cr0, ecx
        jmp short .protected
.protected:
        mov bx, FLAT_SELECTOR
        mov gs, bx
        and cl, ~PROTECTION_ENABLE & 0xff
        mov cr0, ecx
        jmp 0:.real
.real:
        sti
        ret

; Faults with no interrupt table to find a handler in, nor one for that fault, nor for the double fault: the
; processor shuts down (Intel SDM 3A, 6.15, interrupt 8).
triple_fault:
        cli
        lgdt [gdt_pointer]
        lidt [idt_empty]
        mov eax, cr0
        or al, PROTECTION_ENABLE
        mov cr0, eax
        int3

idt_empty:
        dw 0
        dd 0

gdt_pointer:
        dw gdt.end - gdt - 1
        dd gdt

gdt:                                            ; Intel SDM 3A, 3.4.5
        dq 0
        dw 0xffff, 0
        db 0, 0x92, 0xcf, 0                     ; writable data, present; 4 KiB units, 32 bits
.end:
