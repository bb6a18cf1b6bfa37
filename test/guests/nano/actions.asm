; What "action" may say. Each ends in power_off, reset or sleep_for_ever, or never.

FILL_SECTORS         equ 127                    ; EDD-3, 2.4: the most that one request may move

; Says what [action] is and does it.
action_run:
        mov si, text_action
        call print_text
        mov si, action
        call print_line
        mov bx, action_table
.next:
        mov di, [bx]
        test di, di
        jz .unknown
        mov si, action
.compare:
        lodsb
        scasb
        jne .other
        test al, al
        jnz .compare
        jmp [bx + 2]
.other:
        add bx, 4
        jmp .next
.unknown:
        mov si, text_unknown
        call print_line
        jmp power_off

action_table:
        dw name_power_off, power_off
        dw name_wait, action_wait
        dw name_second_press, action_second_press
        dw name_ignore, action_ignore
        dw name_spin, action_spin
        dw name_chatter, action_chatter
        dw name_reset, action_reset
        dw name_reset_once, action_reset_once
        dw name_panic, action_panic
        dw name_triple_fault, triple_fault
        dw name_eject, action_eject
        dw name_fill_disk, action_fill_disk
        dw 0

action_wait:
        call power_button_enable
        mov si, text_waiting
        call print_line
        call power_button_wait
        jmp power_off

action_second_press:
        call power_button_enable
        mov si, text_waiting
        call print_line
        call power_button_wait
        call power_button_wait
        jmp power_off

action_ignore:
        mov si, text_ignoring
        call print_line
        jmp sleep_for_ever

action_spin:
        mov si, text_spinning
        call print_line
.spin:
        jmp .spin

action_chatter:
        mov si, text_chatter
        call print_line
        jmp action_chatter

action_reset:
        mov si, text_resetting
        call print_line
        jmp reset

; Marks the root disk before the reset, to know after it that there was one.
action_reset_once:
        mov dword [disk_packet.sector], MARKER_SECTOR
        mov ah, DISK_READ
        call .access
        mov ax, BUFFER_SEGMENT
        mov es, ax
        mov si, marker
        xor di, di
        mov cx, marker.end - marker
        repe cmpsb
        je .came_back
        mov si, marker
        xor di, di
        mov cx, marker.end - marker
        rep movsb
        mov ah, DISK_WRITE
        call .access
        jmp action_reset
.came_back:
        mov si, text_came_back
        call print_line
        jmp power_off
.access:
        mov cx, 1
        mov bx, BUFFER_SEGMENT
        mov dl, [root_drive]
        call disk_access
        jc disk_failed
        ret

action_panic:
        mov si, text_panic
        call print_line
        call panic_report
        jnc sleep_for_ever
        mov si, text_no_pvpanic
        call print_line
        jmp sleep_for_ever

action_eject:
        call cdrom_eject
        mov si, text_ejected
        jnc .say
        mov si, text_not_ejected
.say:
        call print_line
        jmp action_wait

; Writes the root disk full, behind the code and the marker.
action_fill_disk:
        mov si, text_filling
        call print_line
        mov ax, BUFFER_SEGMENT
        mov es, ax
        xor di, di
        mov cx, 0x8000
        mov ax, 'na'
        rep stosw
        call root_disk_size
        jc disk_failed
        mov [disk_sectors], eax
        mov dword [disk_packet.sector], FILL_START_SECTOR
.next:
        mov ecx, [disk_sectors]
        sub ecx, [disk_packet.sector]
        jbe .filled
        cmp ecx, FILL_SECTORS
        jbe .write
        mov cx, FILL_SECTORS
.write:
        mov bx, BUFFER_SEGMENT
        mov dl, [root_drive]
        mov ah, DISK_WRITE
        push ecx
        call disk_access
        pop ecx
        jc disk_failed
        movzx ecx, cx
        add [disk_packet.sector], ecx
        jmp .next
.filled:
        mov si, text_filled
        call print_line
        jmp power_off

disk_failed:
        mov si, text_disk_failed
        call print_line
        jmp power_off

disk_sectors: dd 0
marker:       db 'nano: this disk has seen a reset'
.end:

name_power_off:    db 'power-off', 0
name_wait:         db 'wait', 0
name_second_press: db 'second-press', 0
name_ignore:       db 'ignore', 0
name_spin:         db 'spin', 0
name_chatter:      db 'chatter', 0
name_reset:        db 'reset', 0
name_reset_once:   db 'reset-once', 0
name_panic:        db 'panic', 0
name_triple_fault: db 'triple-fault', 0
name_eject:        db 'eject', 0
name_fill_disk:    db 'fill-disk', 0

text_action:       db 'nano: action ', 0
text_unknown:      db 'nano: unknown action', 0
text_waiting:      db 'nano: waiting', 0
text_ignoring:     db 'nano: ignoring', 0
text_spinning:     db 'nano: spinning', 0
text_chatter:      db 'nano: chatter 0123456789 abcdefghijklmnopqrstuvwxyz', 0
text_resetting:    db 'nano: resetting', 0
text_came_back:    db 'nano: came back', 0
text_panic:        db 'nano: panic', 0
text_no_pvpanic:   db 'nano: no pvpanic-pci', 0
text_ejected:      db 'nano: ejected', 0
text_not_ejected:  db 'nano: not ejected', 0
text_filling:      db 'nano: filling', 0
text_filled:       db 'nano: filled', 0
text_disk_failed:  db 'nano: disk failed', 0
