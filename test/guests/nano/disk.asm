; Disk access by the BIOS: INT 13h extensions (T13 EDD-3, chapter 2).

DISK_READ            equ 0x42
DISK_WRITE           equ 0x43
DISK_PARAMETERS      equ 0x48

; Reads or writes (AH = DISK_READ or DISK_WRITE) CX sectors of drive DL from [disk_packet.sector] on, to or
; from BX:0. Carry is set on failure.
disk_access:
        mov [disk_packet.count], cx
        mov [disk_packet.segment], bx
        mov al, 0                               ; write without verifying
        mov si, disk_packet
        push ds
        push es
        int 0x13
        pop es
        pop ds
        ret

; EAX = how many sectors the root disk has (at most 2^32 - 1). Carry is set on failure.
root_disk_size:
        mov word [disk_parameters], disk_parameters.end - disk_parameters
        mov dl, [root_drive]
        mov ah, DISK_PARAMETERS
        mov si, disk_parameters
        int 0x13
        mov eax, [disk_parameters.sectors]
        jc .end
        cmp dword [disk_parameters.sectors + 4], 0
        je .end
        or eax, -1
.end:
        ret

disk_packet:                                    ; EDD-3, 2.4
        db 16, 0
.count:
        dw 0
        dw 0                                    ; the buffer's offset
.segment:
        dw 0
.sector:
        dq 0

disk_parameters:                                ; EDD-3, table 5, first form
        dw 0, 0
        dd 0, 0, 0                              ; cylinders, heads, sectors a track
.sectors:
        dq 0
        dw 0
.end:
