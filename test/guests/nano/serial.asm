; The serial console: COM1, a 16550A (National Semiconductor PC16550D data sheet, 8.0 "Registers"), polled.

COM1                    equ 0x3f8
UART_DATA               equ COM1
UART_INTERRUPT_ENABLE   equ COM1 + 1
UART_DIVISOR_LOW        equ COM1                ; while the divisor latch is open
UART_DIVISOR_HIGH       equ COM1 + 1
UART_FIFO_CONTROL       equ COM1 + 2
UART_LINE_CONTROL       equ COM1 + 3
UART_LINE_STATUS        equ COM1 + 5
LINE_8N1                equ 0x03
DIVISOR_LATCH           equ 0x80
FIFO_ENABLE_AND_CLEAR   equ 0x07
TRANSMITTER_EMPTY       equ 0x20

%macro out_byte 2
        mov dx, %1
        mov al, %2
        out dx, al
%endmacro

; 115,200 baud, 8N1, no interrupts.
serial_initialise:
        out_byte UART_INTERRUPT_ENABLE, 0
        out_byte UART_LINE_CONTROL, DIVISOR_LATCH
        out_byte UART_DIVISOR_LOW, 1
        out_byte UART_DIVISOR_HIGH, 0
        out_byte UART_LINE_CONTROL, LINE_8N1
        out_byte UART_FIFO_CONTROL, FIFO_ENABLE_AND_CLEAR
        ret

; Prints the byte in AL. Keeps every register.
print_byte:
        push ax
        push dx
        mov ah, al
        mov dx, UART_LINE_STATUS
.busy:
        in al, dx
        test al, TRANSMITTER_EMPTY
        jz .busy
        mov al, ah
        mov dx, UART_DATA
        out dx, al
        pop dx
        pop ax
        ret

; Prints the zero-terminated text at DS:SI. Changes AX and SI.
print_text:
        lodsb
        test al, al
        jz .end
        call print_byte
        jmp print_text
.end:
        ret

; The same, and a line feed after it.
print_line:
        call print_text
        mov al, 10
        jmp print_byte
