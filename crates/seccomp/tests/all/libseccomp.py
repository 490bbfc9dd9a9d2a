# Compiles policies with libseccomp: one a line on standard input, as JSON; the filter's bytes in hexadecimal, or
# "error" and a reason, one a line on standard output.
import json, os, sys, tempfile
import seccomp

OPS = {"ne": seccomp.NE, "lt": seccomp.LT, "le": seccomp.LE, "eq": seccomp.EQ, "ge": seccomp.GE, "gt": seccomp.GT,
       "masked": seccomp.MASKED_EQ}

for line in sys.stdin:
    policy = json.loads(line)
    try:
        filter = seccomp.SyscallFilter(seccomp.ERRNO(1))
        try:
            filter.set_attr(seccomp.Attr.CTL_OPTIMIZE, policy["optimize"])
        except Exception:
            pass
        for number, tests in policy["rules"]:
            args = [seccomp.Arg(i, OPS[op], a, b) for i, op, a, b in tests]
            filter.add_rule(seccomp.ALLOW, number, *args)
        with tempfile.TemporaryFile() as file:
            filter.export_bpf(file)
            file.seek(0)
            print(file.read().hex(), flush=True)
    except Exception as error:
        print("error", repr(error), flush=True)
