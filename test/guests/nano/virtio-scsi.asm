; Ejecting the CD-ROM: one SCSI command over a transitional virtio-scsi device's legacy interface (Virtual
; I/O Device 1.2, 4.1.4.10 "Legacy Interfaces: A Note on PCI Device Layout", 2.7 "Split Virtqueues", 5.6
; "SCSI Host Device").

VIRTIO_SCSI_ID            equ 0x10041af4
VIRTIO_GUEST_FEATURES     equ 0x04
VIRTIO_QUEUE_PAGE         equ 0x08
VIRTIO_QUEUE_SIZE         equ 0x0c
VIRTIO_QUEUE_SELECT       equ 0x0e
VIRTIO_QUEUE_NOTIFY       equ 0x10
VIRTIO_STATUS             equ 0x12
STATUS_ACKNOWLEDGE        equ 1
STATUS_DRIVER             equ 2
STATUS_DRIVER_OK          equ 4
REQUEST_QUEUE             equ 2                 ; 5.6.2
DESCRIPTOR_SIZE           equ 16                ; 2.7.5
DESCRIPTOR_NEXT           equ 1
DESCRIPTOR_WRITE          equ 2
AVAILABLE_NO_INTERRUPT    equ 1                 ; 2.7.6
PAGE_SIZE                 equ 4096              ; 2.7.2: the used ring's alignment on the legacy interface
TARGETS                   equ 8
ATTEMPTS                  equ 4                 ; the first one only reports the reset (SAM-5, 5.14)

; Ejects the medium of the first target, LUN 0, that lets it. Carry is set when none does.
cdrom_eject:
        mov eax, VIRTIO_SCSI_ID
        call pci_find
        jc .end
        call pci_enable
        and ax, 0xfffc                          ; the lowest bits tell that it is an I/O port
        mov [virtio_ports], ax
        call virtqueue_initialise
        mov byte [scsi_request.target], 0
.target:
        mov cx, ATTEMPTS
.attempt:
        push cx
        call virtqueue_submit
        pop cx
        cmp word [scsi_response.status], 0      ; status GOOD, and response VIRTIO_SCSI_S_OK behind it
        je .end                                 ; an equal comparison leaves carry clear
        loop .attempt
        inc byte [scsi_request.target]
        cmp byte [scsi_request.target], TARGETS
        jb .target
        stc
.end:
        ret

%macro virtio_out 2                             ; register, AL, AX or EAX
        mov dx, [virtio_ports]
        add dx, %1
        out dx, %2
%endmacro

; Takes the device over from the BIOS and gives it a request queue with one request of two descriptors.
virtqueue_initialise:
        mov al, 0                               ; 2.1: resets the device
        virtio_out VIRTIO_STATUS, al
        mov al, STATUS_ACKNOWLEDGE
        virtio_out VIRTIO_STATUS, al
        mov al, STATUS_ACKNOWLEDGE | STATUS_DRIVER
        virtio_out VIRTIO_STATUS, al
        xor eax, eax
        virtio_out VIRTIO_GUEST_FEATURES, eax
        mov ax, REQUEST_QUEUE
        virtio_out VIRTIO_QUEUE_SELECT, ax

        mov dx, [virtio_ports]
        add dx, VIRTIO_QUEUE_SIZE
        in ax, dx
        mov [virtqueue_size], ax
        shl ax, 4                               ; DESCRIPTOR_SIZE bytes each
        mov [available_ring], ax
        mov bx, [virtqueue_size]
        lea bx, [ebx * 2 + 6 + PAGE_SIZE - 1]   ; flags, index, used_event, and two bytes an entry
        add ax, bx
        and ax, ~(PAGE_SIZE - 1) & 0xffff
        mov [used_ring], ax

        push es
        mov ax, VIRTQUEUE_SEGMENT
        mov gs, ax
        mov es, ax
        xor ax, ax
        xor di, di
        mov cx, 0x8000
        rep stosw
        pop es
        mov dword [gs:0], scsi_request
        mov dword [gs:8], scsi_request.end - scsi_request
        mov dword [gs:12], DESCRIPTOR_NEXT | 1 << 16
        mov dword [gs:DESCRIPTOR_SIZE], scsi_response
        mov dword [gs:DESCRIPTOR_SIZE + 8], scsi_response.end - scsi_response
        mov dword [gs:DESCRIPTOR_SIZE + 12], DESCRIPTOR_WRITE
        mov bx, [available_ring]
        mov word [gs:bx], AVAILABLE_NO_INTERRUPT

        mov eax, VIRTQUEUE_SEGMENT * 16 / PAGE_SIZE
        virtio_out VIRTIO_QUEUE_PAGE, eax
        mov al, STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_DRIVER_OK
        virtio_out VIRTIO_STATUS, al
        ret

; Hands the request to the device and waits for the answer. Every entry of the available ring is 0, the
; number of the first descriptor, so that only the index moves.
virtqueue_submit:
        mov bx, [available_ring]
        inc word [gs:bx + 2]
        mov cx, [gs:bx + 2]
        mov ax, REQUEST_QUEUE
        virtio_out VIRTIO_QUEUE_NOTIFY, ax
        mov bx, [used_ring]
.wait:
        cmp [gs:bx + 2], cx
        jne .wait
        ret

virtio_ports:   dw 0
virtqueue_size: dw 0
available_ring: dw 0
used_ring:      dw 0

scsi_request:                                   ; 5.6.6.1
        db 1
.target:
        db 0
        db 0x40, 0, 0, 0, 0, 0                  ; LUN 0 in flat space
        dq 0                                    ; id
        db 0, 0, 0                              ; simple task, no priority, no reference number
        db 0x1b, 0, 0, 0, 0x02, 0               ; MMC-6, 6.42: START STOP UNIT, LoEj without Start
        times 32 - 6 db 0
.end:

scsi_response:
        dd 0                                    ; sense length
        dd 0                                    ; residual
        dw 0                                    ; status qualifier
.status:
        dw 0                                    ; SCSI status, virtio response
        times 96 db 0
.end:
