# Entry and memory functions for aarch64. They are assembly because the compiler may turn a loop of Rust into a call of the
# very function that it implements, and because nothing may read an address that is not relocated yet before `_start` has
# relocated it.

    .section .text._start, "ax", @progbits
    .globl _start
    .hidden _DYNAMIC
    .hidden __ehdr_start
    .type _start, @function
_start:
    mov x29, xzr
    mov x30, xzr
    mov x0, sp
    adrp x8, __ehdr_start
    add x8, x8, :lo12:__ehdr_start
    adrp x9, _DYNAMIC
    add x9, x9, :lo12:_DYNAMIC
    mov x10, xzr
    mov x11, xzr
    mov x12, xzr
    mov x13, xzr
1:  ldp x1, x2, [x9], #16
    cbz x1, 3f
    cmp x1, #7
    csel x10, x2, x10, eq
    cmp x1, #8
    csel x11, x2, x11, eq
    cmp x1, #36
    csel x12, x2, x12, eq
    cmp x1, #35
    csel x13, x2, x13, eq
    b 1b
    // DT_RELA: x11 bytes of (offset, type, addend) at x10.
3:  add x10, x10, x8
    add x11, x11, x10
4:  cmp x10, x11
    b.hs 5f
    ldp x1, x2, [x10], #16
    ldr x3, [x10], #8
    mov w4, #1027
    cmp w2, w4
    b.ne 4b
    add x3, x3, x8
    str x3, [x8, x1]
    b 4b
    // DT_RELR: x13 bytes of words at x12; an even word is a place, an odd one a map of the 63 words that follow it.
5:  add x12, x12, x8
    add x13, x13, x12
6:  cmp x12, x13
    b.hs 9f
    ldr x1, [x12], #8
    tbnz x1, #0, 7f
    add x9, x8, x1
    ldr x2, [x9]
    add x2, x2, x8
    str x2, [x9], #8
    b 6b
7:  mov x3, x9
    add x9, x9, #504
8:  lsr x1, x1, #1
    cbz x1, 6b
    tbz x1, #0, 10f
    ldr x2, [x3]
    add x2, x2, x8
    str x2, [x3]
10: add x3, x3, #8
    b 8b
9:  and sp, x0, #-16
    bl {begin}
    brk #1
    .size _start, . - _start

    .section .text.memcpy, "ax", @progbits
    .globl memcpy
    .globl memmove
    .type memcpy, @function
    .type memmove, @function
memmove:
    sub x3, x0, x1
    cmp x3, x2
    b.hs memcpy
    // The target starts inside the source: copy from the end.
    add x1, x1, x2
    add x3, x0, x2
1:  cmp x3, x0
    b.eq 2f
    ldrb w4, [x1, #-1]!
    strb w4, [x3, #-1]!
    b 1b
2:  ret
    .size memmove, . - memmove
memcpy:
    mov x3, x0
1:  subs x2, x2, #16
    b.lo 2f
    ldp x4, x5, [x1], #16
    stp x4, x5, [x3], #16
    b 1b
2:  adds x2, x2, #16
    b.eq 4f
3:  ldrb w4, [x1], #1
    strb w4, [x3], #1
    subs x2, x2, #1
    b.ne 3b
4:  ret
    .size memcpy, . - memcpy

    .section .text.memset, "ax", @progbits
    .globl memset
    .type memset, @function
memset:
    mov x3, x0
    and x1, x1, #0xff
    mov x4, #0x0101010101010101
    mul x4, x1, x4
1:  subs x2, x2, #16
    b.lo 2f
    stp x4, x4, [x3], #16
    b 1b
2:  adds x2, x2, #16
    b.eq 4f
3:  strb w1, [x3], #1
    subs x2, x2, #1
    b.ne 3b
4:  ret
    .size memset, . - memset

    .section .text.memcmp, "ax", @progbits
    .globl memcmp
    .globl bcmp
    .type memcmp, @function
    .type bcmp, @function
memcmp:
bcmp:
    mov x3, x0
    mov w0, wzr
1:  cbz x2, 2f
    ldrb w4, [x3], #1
    ldrb w5, [x1], #1
    sub x2, x2, #1
    subs w0, w4, w5
    b.eq 1b
2:  ret
    .size memcmp, . - memcmp
    .size bcmp, . - bcmp

    .section .text.strlen, "ax", @progbits
    .globl strlen
    .type strlen, @function
strlen:
    mov x1, x0
1:  ldrb w2, [x1], #1
    cbnz w2, 1b
    sub x0, x1, x0
    sub x0, x0, #1
    ret
    .size strlen, . - strlen

    // The compiled core library names the two functions of unwinding, which never happens here: a panic aborts.
    .section .text.unwind, "ax", @progbits
    .weak rust_eh_personality
    .weak _Unwind_Resume
    .type rust_eh_personality, @function
    .type _Unwind_Resume, @function
rust_eh_personality:
_Unwind_Resume:
    brk #1
    .size rust_eh_personality, . - rust_eh_personality
    .size _Unwind_Resume, . - _Unwind_Resume
    .text
