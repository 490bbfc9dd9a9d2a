# Entry and memory functions for x86_64, Intel syntax without prefixes. They are assembly because the compiler may turn a
# loop of Rust into a call of the very function that it implements, and because nothing may read an address that is not
# relocated yet before `_start` has relocated it.

    .section .text._start, "ax", @progbits
    .globl _start
    .hidden _DYNAMIC
    .hidden __ehdr_start
    .type _start, @function
_start:
    xor ebp, ebp
    mov rdi, rsp
    lea r8, [rip + __ehdr_start]
    lea r9, [rip + _DYNAMIC]
    xor r10d, r10d
    xor r11d, r11d
    xor edx, edx
    xor esi, esi
1:  mov rax, [r9]
    mov rcx, [r9 + 8]
    add r9, 16
    test rax, rax
    jz 3f
    cmp rax, 7
    cmove r10, rcx
    cmp rax, 8
    cmove r11, rcx
    cmp rax, 36
    cmove rdx, rcx
    cmp rax, 35
    cmove rsi, rcx
    jmp 1b
    # DT_RELA: r11 bytes of (offset, type, addend) at r10.
3:  add r10, r8
    add r11, r10
4:  cmp r10, r11
    jae 5f
    mov rax, [r10]
    mov ecx, [r10 + 8]
    mov r9, [r10 + 16]
    add r10, 24
    cmp ecx, 8
    jne 4b
    add r9, r8
    mov [r8 + rax], r9
    jmp 4b
    # DT_RELR: rsi bytes of words at rdx; an even word is a place, an odd one a map of the 63 words that follow it.
5:  add rdx, r8
    add rsi, rdx
6:  cmp rdx, rsi
    jae 9f
    mov rax, [rdx]
    add rdx, 8
    test al, 1
    jnz 7f
    lea r9, [r8 + rax]
    add [r9], r8
    add r9, 8
    jmp 6b
7:  mov rcx, r9
    add r9, 504
8:  shr rax, 1
    jz 6b
    test al, 1
    jz 10f
    add [rcx], r8
10: add rcx, 8
    jmp 8b
9:  and rsp, -16
    call {begin}
    ud2
    .size _start, . - _start

    .section .text.memcpy, "ax", @progbits
    .globl memcpy
    .type memcpy, @function
memcpy:
    mov rax, rdi
    mov rcx, rdx
    rep movsb
    ret
    .size memcpy, . - memcpy

    .section .text.memmove, "ax", @progbits
    .globl memmove
    .type memmove, @function
memmove:
    mov rax, rdi
    mov rcx, rdx
    mov r8, rdi
    sub r8, rsi
    cmp r8, rdx
    jb 1f
    rep movsb
    ret
    # The target starts inside the source: copy from the end.
1:  lea rdi, [rdi + rcx - 1]
    lea rsi, [rsi + rcx - 1]
    std
    rep movsb
    cld
    ret
    .size memmove, . - memmove

    .section .text.memset, "ax", @progbits
    .globl memset
    .type memset, @function
memset:
    mov r8, rdi
    mov eax, esi
    mov rcx, rdx
    rep stosb
    mov rax, r8
    ret
    .size memset, . - memset

    .section .text.memcmp, "ax", @progbits
    .globl memcmp
    .globl bcmp
    .type memcmp, @function
    .type bcmp, @function
memcmp:
bcmp:
    xor eax, eax
    xor ecx, ecx
1:  cmp rcx, rdx
    je 2f
    movzx eax, byte ptr [rdi + rcx]
    movzx r8d, byte ptr [rsi + rcx]
    inc rcx
    sub eax, r8d
    je 1b
2:  ret
    .size memcmp, . - memcmp
    .size bcmp, . - bcmp

    .section .text.strlen, "ax", @progbits
    .globl strlen
    .type strlen, @function
strlen:
    xor eax, eax
1:  cmp byte ptr [rdi + rax], 0
    je 2f
    inc rax
    jmp 1b
2:  ret
    .size strlen, . - strlen

    # The compiled core library names the two functions of unwinding, which never happens here: a panic aborts.
    .section .text.unwind, "ax", @progbits
    .weak rust_eh_personality
    .weak _Unwind_Resume
    .type rust_eh_personality, @function
    .type _Unwind_Resume, @function
rust_eh_personality:
_Unwind_Resume:
    ud2
    .size rust_eh_personality, . - rust_eh_personality
    .size _Unwind_Resume, . - _Unwind_Resume
    .text
