; Finding a file in the root directory of an ISO 9660 volume (ECMA-119).

CD_SECTOR_SIZE            equ 2048
VOLUME_DESCRIPTOR_SECTOR  equ 16                ; ECMA-119, 6.2.1
PVD_IDENTIFIER            equ 1                 ; 8.4.2: CD001
PVD_ROOT_RECORD           equ 156               ; 8.4.18
RECORD_LENGTH             equ 0                 ; 9.1.1
RECORD_EXTENT             equ 2                 ; 9.1.3, both byte orders, little-endian first
RECORD_SIZE               equ 10                ; 9.1.4, likewise
RECORD_NAME_LENGTH        equ 32                ; 9.1.11
RECORD_NAME               equ 33                ; 9.1.12

; Looks for the drive that holds an ISO 9660 volume: SeaBIOS numbers CD-ROMs from 0xe0 on and disks from
; 0x80 on. A CD-ROM has sectors of 2,048 bytes, a disk of 512. Leaves the root directory's extent and size
; in [file_extent] and [file_size]. Carry is set when there is none.
config_disk_find:
        mov di, config_drive_candidates
.next:
        mov ax, [di]
        add di, 2
        mov [config_drive], ax                  ; and config_sector_shift
        cmp al, 0
        stc
        je .end
        mov eax, VOLUME_DESCRIPTOR_SECTOR
        mov cx, 1
        mov bx, BUFFER_SEGMENT
        push di
        call config_disk_read
        pop di
        jc .next
        mov bx, BUFFER_SEGMENT
        mov fs, bx
        cmp dword [fs:PVD_IDENTIFIER], 'CD00'
        jne .next
        mov bx, PVD_ROOT_RECORD
        call file_of_record
        clc
.end:
        ret

config_drive_candidates:                        ; drive, log2(2048 / its sectors' size)
        db 0xe0, 0, 0xe1, 0, 0x81, 2, 0x82, 2
        db 0, 0

; Finds in the root directory the file whose name begins with INSTANCE and leaves its extent and size in
; [file_extent] and [file_size]. Only the directory's first sector is looked at. Carry is set when there is
; none.
config_file_find:
        mov eax, [file_extent]
        mov cx, 1
        mov bx, BUFFER_SEGMENT
        call config_disk_read
        jc .end
        mov bx, BUFFER_SEGMENT
        mov fs, bx
        xor bx, bx
.next:
        movzx ax, byte [fs:bx + RECORD_LENGTH]
        cmp ax, 1                               ; carry if 0: 6.8.1.1, zeros follow the last record
        jc .end
        cmp byte [fs:bx + RECORD_NAME_LENGTH], 8
        jb .other
        cmp dword [fs:bx + RECORD_NAME], 'INST'
        jne .other
        cmp dword [fs:bx + RECORD_NAME + 4], 'ANCE'
        je file_of_record
.other:
        add bx, ax
        cmp bx, CD_SECTOR_SIZE
        jb .next
        stc
.end:
        ret

; Takes extent and size from the directory record at FS:BX. Clears carry.
file_of_record:
        mov eax, [fs:bx + RECORD_EXTENT]
        mov [file_extent], eax
        mov eax, [fs:bx + RECORD_SIZE]
        mov [file_size], eax
        clc
        ret

; Reads CX sectors of 2,048 bytes of the config disk from sector EAX on to BX:0. Carry is set on failure.
config_disk_read:
        push cx
        mov cl, [config_sector_shift]
        shl eax, cl
        mov [disk_packet.sector], eax
        pop ax
        shl ax, cl
        mov cx, ax
        mov dl, [config_drive]
        mov ah, DISK_READ
        jmp disk_access

config_drive:        db 0
config_sector_shift: db 0
file_extent:         dd 0
file_size:           dd 0
