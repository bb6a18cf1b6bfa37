; instance.json: reading it, printing it, and finding its "action".

INSTANCE_MAXIMUM     equ 32 * 1024              ; bytes of it that are read and printed
ACTION_MAXIMUM       equ 31

; Reads the file to JSON_SEGMENT:0 and puts a zero after it. Carry is set on failure.
instance_read:
        call config_file_find
        jc .end
        cmp dword [file_size], INSTANCE_MAXIMUM
        jbe .fits
        mov dword [file_size], INSTANCE_MAXIMUM
.fits:
        mov ecx, [file_size]
        add ecx, CD_SECTOR_SIZE - 1
        shr ecx, 11
        jz .terminate                           ; an empty file has no sectors
        mov eax, [file_extent]
        mov bx, JSON_SEGMENT
        call config_disk_read
        jc .end
.terminate:
        mov bx, JSON_SEGMENT
        mov fs, bx
        mov bx, [file_size]
        mov byte [fs:bx], 0
        clc
.end:
        ret

instance_print:
        mov si, text_instance
        call print_text
        mov cx, [file_size]
        xor si, si
        jcxz .end
.next:
        fs lodsb
        call print_byte
        loop .next
.end:
        mov al, 10
        jmp print_byte

; Copies the value of the first "action" after "config" to [action], zero-terminated; leaves the default
; there when there is none. Escapes in it are not resolved.
action_read:
        xor si, si
        mov di, key_config
        call json_find
        jc .end
        mov di, key_action
        call json_find
        jc .end
.space:
        fs lodsb
        cmp al, ' '
        je .space
        cmp al, ':'
        je .space
        cmp al, 10
        je .space
        cmp al, 13
        je .space
        cmp al, 9
        je .space
        cmp al, '"'
        jne .end
        mov di, action
        mov cx, ACTION_MAXIMUM
.copy:
        fs lodsb
        cmp al, '"'
        je .terminate
        test al, al
        jz .terminate
        stosb
        loop .copy
.terminate:
        mov byte [di], 0
.end:
        ret

; Moves SI behind the next occurrence of the zero-terminated text at DS:DI in the JSON at FS:SI. Carry is
; set when there is none.
json_find:
        mov bx, di
        mov dx, si
.compare:
        mov al, [bx]
        test al, al                             ; clears carry, too
        jz .end
        mov ah, [fs:si]
        inc bx
        inc si
        cmp al, ah
        je .compare
        mov si, dx
        cmp byte [fs:si], 1                     ; sets carry at the terminating zero only
        jc .end
        inc si
        jmp json_find
.end:
        ret

key_config:    db '"config"', 0
key_action:    db '"action"', 0
text_instance: db 'nano: instance.json ', 0
action:        db 'power-off', 0
               times ACTION_MAXIMUM + 1 - ($ - action) db 0
