; Power and reset: the ACPI fixed hardware (ACPI 6.5, 4.8) at the addresses that SeaBIOS gives it on QEMU's
; pc and q35 (SeaBIOS src/fw/dev-piix.h and dev-q35.h: PORT_ACPI_PM_BASE), and the chipset's reset register.

PM1_STATUS           equ 0x600                  ; ACPI 6.5, 4.8.3.1.1
PM1_ENABLE           equ 0x602                  ; 4.8.3.1.2
PM1_CONTROL          equ 0x604                  ; 4.8.3.2.1
POWER_BUTTON         equ 1 << 8                 ; in status and enable; writing it to status clears it
SLEEP_ENABLE         equ 1 << 13                ; with SLP_TYP 0, which is S5 in QEMU's DSDT
SCI_VECTOR           equ 0x71                   ; IRQ 9: SeaBIOS puts the second PIC at 0x70
PIC1_COMMAND         equ 0x20
PIC1_MASK            equ 0x21
PIC2_COMMAND         equ 0xa0
PIC2_MASK            equ 0xa1
END_OF_INTERRUPT     equ 0x20
RESET_CONTROL        equ 0xcf9                  ; Intel ICH9 data sheet, 13.7.5
HARD_RESET           equ 0x06

power_off:
        mov dx, PM1_CONTROL
        mov ax, SLEEP_ENABLE
        out dx, ax
; Sleeps for ever: with interrupts off nothing wakes the processor, and it costs the host nothing.
sleep_for_ever:
        cli
        hlt
        jmp sleep_for_ever

reset:
        mov dx, RESET_CONTROL
        mov al, HARD_RESET
        out dx, al
        jmp sleep_for_ever

; Lets the power button raise the system control interrupt, and nothing else any interrupt at all. From here
; on the BIOS must not be called for disk access.
power_button_enable:
        cli
        mov word [SCI_VECTOR * 4], power_button_interrupt
        mov word [SCI_VECTOR * 4 + 2], 0
        mov al, ~(1 << 2) & 0xff                ; the cascade
        out PIC1_MASK, al
        mov al, ~(1 << 1) & 0xff                ; IRQ 9
        out PIC2_MASK, al
        mov ax, POWER_BUTTON
        mov dx, PM1_STATUS
        out dx, ax
        mov dx, PM1_ENABLE
        out dx, ax
        ret

power_button_interrupt:
        push ax
        push dx
        inc byte [cs:power_button_presses]
        mov ax, POWER_BUTTON
        mov dx, PM1_STATUS
        out dx, ax
        mov al, END_OF_INTERRUPT
        out PIC2_COMMAND, al
        out PIC1_COMMAND, al
        pop dx
        pop ax
        iret

; Sleeps until the button is pressed, and says so.
power_button_wait:
        cli
        cmp byte [power_button_presses], 0
        jne .pressed
        sti                                     ; acts after the next instruction: no press is lost
        hlt
        jmp power_button_wait
.pressed:
        dec byte [power_button_presses]
        mov si, text_button
        jmp print_line

power_button_presses: db 0
text_button:          db 'nano: button', 0
