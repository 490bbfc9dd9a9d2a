# Compiles policies with libseccomp: one a line on standard input, as JSON; the milliseconds that it took and the filter's
# bytes in hexadecimal, or "error" and a reason, one a line on standard output.
import json, sys, tempfile, time
import seccomp

OPS = {"ne": seccomp.NE, "lt": seccomp.LT, "le": seccomp.LE, "eq": seccomp.EQ, "ge": seccomp.GE, "gt": seccomp.GT,
       "masked": seccomp.MASKED_EQ}

for line in sys.stdin:
    policy = json.loads(line)
    try:
        start = time.perf_counter()
        filter = seccomp.SyscallFilter(seccomp.ERRNO(1))
        filter.set_attr(seccomp.Attr.CTL_OPTIMIZE, policy["optimize"])
        for arch in policy.get("archs", []):
            filter.add_arch(seccomp.Arch(arch))
        for call, tests, errno in policy["rules"]:
            args = [seccomp.Arg(i, OPS[op], a, b) for i, op, a, b in tests]
            filter.add_rule(seccomp.ERRNO(errno) if errno else seccomp.ALLOW, call, *args)
        with tempfile.TemporaryFile() as file:
            filter.export_bpf(file)
            took = (time.perf_counter() - start) * 1000
            file.seek(0)
            print(f"{took:.3f}", file.read().hex(), flush=True)
    except Exception as error:
        print("error", repr(error), flush=True)
