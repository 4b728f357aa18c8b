# SPDX-License-Identifier: Apache-2.0
"""Policies made at random, with every form that a condition can take."""

from abis import FAMILIES
from policy import Action, Block, Comparison, Entry, Join, Not, Number, Policy, Statement

# Calls with arguments of every kind, and such as differ between ABIs.
POOL = """
_llseek accept4 arch_prctl chmod chown clone clone3 clock_nanosleep close_range copy_file_range
creat dup3 epoll_pwait eventfd2 faccessat fadvise64 fadvise64_64 fallocate fanotify_mark fchmodat
fcntl fcntl64 ftruncate64 futex get_mempolicy getpriority io_submit ioctl ioperm ipc kcmp
kexec_load keyctl kill lchown lookup_dcookie lseek madvise mbind mknod mmap mmap2 mprotect
mq_open mremap msgrcv nice open openat openat2 personality pidfd_open pkey_mprotect poll
prctl pread64 preadv preadv2 process_vm_readv ptrace pwrite64 pwritev2 quotactl read readahead
reboot recvfrom renameat2 rt_sigaction sched_setattr seccomp select semctl sendto setfsuid setgid
setns setpriority setresuid setreuid setsockopt setuid setuid32 shmat socket socketcall splice
statx sync_file_range sysfs syslog tgkill timerfd_create truncate truncate64 umask umount2
unshare utimensat vm86 vmsplice wait4 waitid write
fstatfs64 io_getevents mq_timedsend msgsnd pipe2 ppoll pwritev rt_sigtimedwait sendfile signalfd4
""".split()
# Those with 64-bit arguments, and those of some machines: a small pool has its share of both.
WIDE_POOL = """
arm_fadvise64_64 arm_sync_file_range fadvise64 fadvise64_64 fallocate fanotify_mark ftruncate64
lookup_dcookie pread64 preadv preadv2 pwrite64 pwritev pwritev2 readahead sync_file_range
sync_file_range2 truncate64
""".split()
RARE_POOL = """
cacheflush ioctl kexec_load multiplexer pciconfig_read riscv_flush_icache riscv_hwprobe rtas
s390_guarded_storage s390_pci_mmio_write s390_runtime_instr s390_sthyi set_thread_area set_tls
spu_create subpage_prot swapcontext syscall sysmips usr26
""".split()
ANY_POOL = """
open chmod mknod clone lseek truncate fadvise64 fcntl preadv umount dup pipe poll mmap mlock wait4
tkill setuid setreuid setgroups futex clock_gettime socket accept setsockopt shmat semop
chown mkdir renameat unlink select getuid fork stat sync_file_range epoll_wait sendfile getrlimit
mq_timedsend signalfd statfs64 rt_sigtimedwait sigsuspend
""".split()
# Those in which some ABI hides what others show: they are drawn more often.
ANY_POOL += "mmap select mmap select semop clone open".split() * 2


class Lottery:
    def __init__(self, random, catalogues):
        self.random = random
        self.catalogues = catalogues

    # -- numbers -----------------------------------------------------------------------------

    def spell(self, value):
        """A text whose value is VALUE, in one of the ways that the language has."""
        random = self.random
        if value < 0:
            return random.choice(("%d" % value, "-0x%x" % -value, "~0x%x" % ~value))
        ways = ["%d" % value, "0x%x" % value, "0%o" % value if value else "0"]
        if 0 < value < 1 << 62:
            part = random.randrange(value + 1)
            ways += ["(%d + 0x%x)" % (part, value - part), "%d - %d" % (value + part, part)]
            keep = random.getrandbits(63) & value
            ways += ["(0x%x | 0x%x)" % (keep, value & ~keep), "0x%x ^ %d" % (keep, value ^ keep)]
            ways += ["(0x%x & ~0x%x)" % (value | 1 << 62, 1 << 62)]
            low = (value & -value).bit_length() - 1
            if low:
                ways.append("(%d << %d)" % (value >> low, low))
            ways.append("(%d >> 2)" % (value << 1 << 1 | 3) if value < 1 << 60 else "%d" % value)
        return random.choice(ways)

    def number(self, value, abis):
        return Number(self.spell(value), {abi: value for abi in abis})

    def constant(self, arguments, bits, abis):
        """A constant of the family that the argument takes, or None."""
        family = arguments[0].family
        names = self.catalogues[abis[0]].families.get(family)
        if not names:
            return None
        name = self.random.choice(names)
        if not all(name in self.catalogues[abi].constants for abi in abis):
            return None
        number = Number(name, {abi: self.catalogues[abi].constants[name] for abi in abis})
        return number if all(0 <= v < 1 << bits for v in number.values.values()) else None

    def raw_value(self, bits):
        """0 to 2^bits - 1, with a liking for the interesting ones."""
        random = self.random
        top = (1 << bits) - 1
        kind = random.randrange(8)
        if kind < 2:
            return random.randrange(9)
        if kind == 2:
            return random.choice((top, top - 1, top >> 1, (top >> 1) + 1, (top >> 1) - 1))
        if kind == 3:
            return 1 << random.randrange(bits)
        if kind == 4:
            return (1 << random.randrange(1, bits + 1)) - 1
        if kind == 5 and bits == 64:
            return (random.randrange(4) << 32) + random.choice((0, 1, 2, 0xFFFFFFFF, 0x80000000))
        return random.getrandbits(random.randrange(1, bits + 1))

    # -- comparisons -------------------------------------------------------------------------

    def comparison(self, places, abis):
        """PLACES is (ABI, argument) for each of ABIS that has the call: one that can go both ways."""
        while True:
            comparison = self.any_comparison([argument for _, argument in places], abis)
            if all(self.undecided(comparison, argument, abi) for abi, argument in places):
                return comparison

    def undecided(self, comparison, argument, abi):
        """Whether some value satisfies it and another does not, as far as edges show."""
        holds = comparison.holds(argument, abi)
        edges = comparison.edges(argument, abi)
        edges += [edge & self.random.getrandbits(64) for edge in edges for _ in range(3)]
        return len({holds(bits) for bits in edges}) == 2

    def any_comparison(self, arguments, abis):
        random = self.random
        name = arguments[0].name
        if arguments[0].kind == "ptr":
            return Comparison(name, [], random.choice(("==", "!=")), self.number(0, abis))
        bits = min(argument.bits for argument in arguments)
        masks = []
        while random.randrange(3) == 0 and len(masks) < 2:
            masks.append(self.mask(arguments, bits, abis))
        op = random.choice(("==", "!=", "<", "<=", ">", ">=", "in", "in", "within", "&", "=="))
        if op in ("within", "&"):
            return Comparison(name, masks, op, self.mask(arguments, bits, abis))
        if op == "in":
            return Comparison(name, masks, op, self.elements(arguments, bits, masks, abis))
        if op in ("==", "!="):
            constant = self.constant(arguments, bits, abis) if random.randrange(2) else None
            if constant is None:
                constant = self.number(self.pattern(bits, masks), abis)
            return Comparison(name, masks, op, constant)
        return Comparison(name, masks, op, self.number(self.ordered(arguments, bits), abis))

    def mask(self, arguments, bits, abis):
        if self.random.randrange(4) == 0:
            constant = self.constant(arguments, bits, abis)
            if constant:
                return constant
        value = self.raw_value(bits)
        if self.random.randrange(4) == 0:
            value = ~(value >> 1)  # negative: ones in all places above
        return self.number(value, abis)

    def pattern(self, bits, masks):
        """For what compares patterns: either sign will do."""
        value = self.raw_value(bits)
        for mask in masks:
            if self.random.randrange(8):
                value &= min(mask.values.values())
        if value >> (bits - 1) and self.random.randrange(2):
            value -= 1 << bits
        return value

    def ordered(self, arguments, bits):
        value = self.raw_value(bits)
        signs = {argument.signed for argument in arguments}
        if signs == {True} and value >> (bits - 1):
            return value - (1 << bits)
        return value if signs == {False} else value & ((1 << (bits - 1)) - 1)

    def elements(self, arguments, bits, masks, abis):
        random = self.random
        elements = []
        for _ in range(random.choice((1, 2, 2, 3, 5, 9, 30))):
            if random.randrange(3):
                elements.append((self.number(self.pattern(bits, masks), abis), None))
                continue
            first = self.ordered(arguments, bits)
            last = self.ordered(arguments, bits)
            if random.randrange(2):
                last = first + random.randrange(40)
                top = first if first < 0 else (1 << (bits - 1)) - 1
                last = max(first, min(last, top))
            elements.append(
                (self.number(min(first, last), abis), self.number(max(first, last), abis))
            )
        return elements

    # -- conditions --------------------------------------------------------------------------

    def addresses(self, name, abis):
        """Names of arguments that are an address in some call that `any NAME` stands for."""
        found = set()
        for catalogue in [self.catalogues[abi] for abi in abis] if name else []:
            for kin in catalogue.equivalents(name):
                pointers = [a for a in catalogue.calls[kin].arguments if a.kind == "ptr"]
                found |= {a.name for a in pointers} | {a.kernel_name for a in pointers}
        return found

    def arguments(self, names, abis, registers=True, any_of=None):
        """What each argument that all of the calls have stands for: (ABI, argument) of each.

        Those of `any ANY_OF` that are a number in one call and an address in another are left out.
        """
        calls = [
            (abi, self.catalogues[abi].calls[name])
            for name in names
            for abi in abis
            if name in self.catalogues[abi].calls
        ]
        if not calls:
            return []
        found = []
        addresses = self.addresses(any_of, abis)
        candidates = [argument.name for argument in calls[0][1].arguments]
        if registers and self.random.randrange(6) == 0:
            candidates += calls[0][1].raw_names()
        for name in candidates:
            places = [(abi, call.find(name)) for abi, call in calls]
            arguments = [argument for _, argument in places]
            kinds = {argument and argument.kind == "ptr" for argument in arguments}
            kinds |= {True} if name in addresses else set()
            if all(arguments) and len(kinds) == 1:
                found.append((name, places))
        return found

    def condition(self, names, abis, depth=3, registers=True, any_of=None):
        """A condition on arguments that all of the calls have; None where there are none."""
        random = self.random
        arguments = self.arguments(names, abis, registers, any_of)
        if not arguments:
            return None
        if depth and random.randrange(5) < 2:
            left = self.condition(names, abis, depth - 1, registers, any_of)
            right = self.condition(names, abis, depth - 1, registers, any_of)
            if left and right:
                return Join(random.choice(("&&", "||")), left, right)
        if depth and random.randrange(6) == 0:
            inner = self.condition(names, abis, depth - 1, registers, any_of)
            return Not(inner) if inner else None
        plain = [a for a in arguments if a[1][0][1].kind != "ptr"]
        name, places = random.choice(plain if plain and random.randrange(8) else arguments)
        comparison = self.comparison(places, abis)
        comparison.name = self.spell_name(name, places)
        return comparison

    def spell_name(self, name, places):
        """The manual's name or, where all of the calls have the same, the kernel's."""
        kernel_names = {argument.kernel_name for _, argument in places}
        if len(kernel_names) == 1 and None not in kernel_names and self.random.randrange(3) == 0:
            return kernel_names.pop()
        return name

    # -- policies ----------------------------------------------------------------------------

    def action(self):
        random = self.random
        word = random.choice(
            ("allow", "allow", "allow", "deny", "deny", "kill process", "kill thread", "log")
            + ("notify", "trap", "trace")
        )
        if word == "deny":
            data = random.choice(("EPERM", "EACCES", "ENOSYS", "ENOSYS", 4095, 1))
            return Action("deny %s" % data, word, data)
        if word in ("trap", "trace"):
            data = random.choice((0, 1, 7, 0xFFFF))
            return Action("%s %d" % (word, data), word, data)
        return Action(word, word)

    def known(self, names, abis):
        return [n for n in names if any(n in self.catalogues[abi].calls for abi in abis)]

    def known_any(self, abis):
        """(name, the calls that `any` makes of it), where there are some."""
        found = []
        for name in ANY_POOL:
            kin = {kin for abi in abis for kin in self.catalogues[abi].equivalents(name)}
            if kin:
                found.append((name, sorted(kin)))
        return found

    def pool(self, abis, count):
        """Calls that a policy is about."""
        pool = self.random.sample(self.known(POOL, abis), count)
        more = self.random.sample(self.known(WIDE_POOL, abis), 2)
        more += self.random.sample(self.known(RARE_POOL, abis), 2)
        return pool + [name for name in more if name not in pool]

    def statement(self, pool, abis, groups, in_group=False):
        random = self.random
        action = None if in_group else self.action()
        if groups and random.randrange(6) == 0:
            name, block, calls = random.choice(groups)
            where = self.condition(calls, abis, 1) if calls and random.randrange(2) else None
            return Statement(action, [Entry(name, group=block)], where), calls
        if random.randrange(5) == 0:
            name, kin = random.choice(self.known_any(abis))
            where = self.condition([random.choice(kin)], abis, 1, False, name)
            where = where if random.randrange(3) else None
            return Statement(action, [Entry(name, any=True, optional=random.randrange(5) == 0)],
                             where), None
        names = [random.choice(pool)]
        if random.randrange(4) == 0:
            names += [name for name in random.sample(pool, 2) if name not in names]
        where = self.condition(names, abis) if random.randrange(8) else None
        entries = [Entry(name, optional=random.randrange(12) == 0) for name in names]
        return Statement(action, entries, where), names

    def name_sets(self, policy):
        """Puts some of the sets and numbers into `let`."""
        comparisons = [
            comparison
            for statement in policy.written() if statement.where
            for comparison in statement.where.comparisons()
        ]
        for index, comparison in enumerate(comparisons):
            if self.random.randrange(4):
                continue
            name = "given%d" % index
            if comparison.op == "in":
                policy.head.append("let %s = %s;" % (name, comparison.set_text()))
                comparison.set_name = name
            elif len(set(comparison.right.values.values())) == 1 and self.random.randrange(3) == 0:
                value = next(iter(comparison.right.values.values()))
                policy.head.append("param %s = %s;" % (name, self.random.choice((7, "-1", "EPERM"))))
                policy.definitions.append("%s=%s" % (name, self.random.choice((value, hex(value)))))
                comparison.right = Number(name, comparison.right.values)
            else:
                policy.head.append("let %s = %s;" % (name, comparison.right.text))
                comparison.right = Number(name, comparison.right.values)

    def group(self, policy, index, pool, abis, groups):
        name = "group%d" % index
        block = Block([])
        calls = []  # None where not all of them are known
        for _ in range(self.random.randrange(1, 4)):
            inner = groups if self.random.randrange(3) == 0 else []
            statement, names = self.statement(pool, abis, inner, in_group=True)
            block.statements.append(statement)
            calls = None if names is None or calls is None else calls + names
        lines = "".join("\t%s\n" % s.text() for s in block.statements)
        policy.head += ("group @%s {\n%s}" % (name, lines)).split("\n")
        groups.append((name, block, calls))

    def when(self, pool, abis, groups):
        random = self.random
        chosen = random.sample(abis, random.randrange(len(abis) + 1))
        if len(chosen) == 1:
            condition = random.choice(("arch == %s", "!(arch != %s)")) % chosen[0]
        elif chosen:
            condition = "arch in { %s }" % ", ".join(chosen)
        else:
            condition = random.choice(("is_off", "!is_on", "grade > 3 || is_off"))
        then, otherwise = [], []
        for side in (then, otherwise):
            for _ in range(random.randrange(1, 3)):
                side.append(self.statement(pool, abis, groups)[0])
        return Block(then, chosen, condition, otherwise if random.randrange(2) else None)

    def policy(self, family):
        random = self.random
        policy = Policy()
        kin = FAMILIES[family]
        chosen = random.sample(kin, random.randrange(1, len(kin) + 1))
        abis = policy.abis = [abi for abi in kin if abi in chosen]
        policy.default = self.action()
        policy.unknown = self.action() if random.randrange(2) else None
        policy.foreign = self.action() if random.randrange(2) else None
        policy.baseline = random.choice((None, None, (4, 19), (5, 10), (6, 6)))
        policy.head += ["param is_on = true;", "param is_off = false;", "param grade = 3;"]
        large = random.randrange(12) == 0  # so that jumps are long
        pool = self.pool(abis, 70 if large else random.randrange(3, 9))
        groups = []
        for index in range(random.randrange(3)):
            self.group(policy, index, pool, abis, groups)
        for _ in range(random.randrange(60, 150) if large else random.randrange(3, 16)):
            if random.randrange(8) == 0:
                policy.statements.append(self.when(pool, abis, groups))
            else:
                policy.statements.append(self.statement(pool, abis, groups)[0])
        self.name_sets(policy)
        return policy
