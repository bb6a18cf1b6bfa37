; PCI configuration space, access mechanism #1 (PCI Local Bus 3.0, 3.2.2.3.2). Bus 0 only.

PCI_ADDRESS          equ 0xcf8
PCI_DATA             equ 0xcfc
PCI_ENABLED          equ 0x80000000
PCI_FUNCTION_STEP    equ 0x100
PCI_BUS_1            equ PCI_ENABLED + 0x10000
PCI_COMMAND          equ 0x04
PCI_BAR0             equ 0x10
PCI_IO_MEMORY_MASTER equ 0x0007                 ; the command register's three lowest bits

; EBX = the configuration address of the function whose device and vendor id are EAX (device in the upper
; half). Carry is set when there is none.
pci_find:
        mov ecx, eax
        mov ebx, PCI_ENABLED
.next:
        call pci_read
        cmp eax, ecx
        je .end
        add ebx, PCI_FUNCTION_STEP
        cmp ebx, PCI_BUS_1
        jb .next
        stc
.end:
        ret

; EAX = the register at configuration address EBX.
pci_read:
        mov eax, ebx
        mov dx, PCI_ADDRESS
        out dx, eax
        mov dx, PCI_DATA
        in eax, dx
        ret

; Switches on the function at configuration address EBX; EAX = its first base address register.
pci_enable:
        lea eax, [ebx + PCI_COMMAND]
        mov dx, PCI_ADDRESS
        out dx, eax
        mov dx, PCI_DATA
        in ax, dx
        or ax, PCI_IO_MEMORY_MASTER
        out dx, ax
        add ebx, PCI_BAR0
        jmp pci_read
