# SPDX-License-Identifier: Apache-2.0
"""A policy as a tree: how it is written, and what doc/language.md says that it means.

Everything here is as plain as can be: the rules of an ABI are a list, and a call gets the action of
the first one whose condition holds for it.
"""

ACTIONS = {  # linux/seccomp.h; the value of the last three follows
    "kill process": 0x80000000,
    "kill thread": 0x00000000,
    "allow": 0x7FFF0000,
    "log": 0x7FFC0000,
    "notify": 0x7FC00000,
    "deny": 0x00050000,
    "trap": 0x00030000,
    "trace": 0x7FF00000,
}


class Action:
    """As it is written, and what a filter returns for it; an errno's name is each ABI's own."""

    def __init__(self, text, word, data=0):
        self.text = text
        self.word = word
        self.data = data

    def value(self, catalogue):
        known = catalogue.constants
        return ACTIONS[self.word] | (known[self.data] if self.data in known else self.data)


ABSENT = Action("deny ENOSYS", "deny", "ENOSYS")


class Number:
    """A constant expression: its text, and its value on each ABI."""

    def __init__(self, text, values):
        self.text = text
        self.values = values

    def operand(self):
        """Its text where an operator stands beside it."""
        return self.text if self.text.replace("_", "a").isalnum() else "(" + self.text + ")"


def in_range(argument, bits, first, last):
    """As the argument's type orders them, or as the other sign does if that is how both fit."""
    number = argument.as_number(bits)
    if argument.signed and first > argument.ones >> 1:
        number = bits
    elif not argument.signed and last < 0:
        number = bits - argument.ones - 1 if bits > argument.ones >> 1 else bits
    return first <= number <= last


class Comparison:
    """NAME & MASK... OP RIGHT; RIGHT is a Number, or for `in` a list of (first, last or None)."""

    def __init__(self, name, masks, op, right, set_name=None):
        self.name = name
        self.masks = masks
        self.op = op
        self.right = right
        self.set_name = set_name

    def text(self):
        left = self.name
        for mask in self.masks:
            left = "(%s & %s)" % (left, mask.operand())
        if self.op == "in":
            return "%s in %s" % (left, self.set_name or self.set_text())
        if self.op == "&":
            return "%s & %s" % (left, self.right.operand())
        return "%s %s %s" % (left, self.op, self.right.text)

    def set_text(self):
        elements = (
            first.text if last is None else "%s..%s" % (first.text, last.text)
            for first, last in self.right
        )
        return "{ %s }" % ", ".join(elements)

    def names(self):
        return [self.name]

    def comparisons(self):
        return [self]

    def reading(self, call, abi):
        """A function from words to whether it holds."""
        argument = call.find(self.name)
        holds = self.holds(argument, abi)
        return lambda words: holds(argument.value(words))

    def holds(self, argument, abi):
        """A function from the argument's bits to whether it holds."""
        mask = argument.ones
        for number in self.masks:
            mask &= number.values[abi]
        masked = self._holds(argument, abi)
        return lambda bits: masked(bits & mask)

    def _holds(self, argument, abi):
        if self.op == "in":
            ranges = [
                (first.values[abi], (last or first).values[abi]) for first, last in self.right
            ]
            return lambda bits: any(in_range(argument, bits, *ends) for ends in ranges)
        right = self.right.values[abi]
        pattern = right & argument.ones
        number = argument.as_number
        return {
            "==": lambda bits: bits == pattern,
            "!=": lambda bits: bits != pattern,
            "<": lambda bits: number(bits) < right,
            "<=": lambda bits: number(bits) <= right,
            ">": lambda bits: number(bits) > right,
            ">=": lambda bits: number(bits) >= right,
            "within": lambda bits: bits & ~right & argument.ones == 0,
            "&": lambda bits: bits & right & argument.ones != 0,
        }[self.op]

    def edges(self, argument, abi):
        """Values of the argument around which the answer changes."""
        numbers = [mask.values[abi] for mask in self.masks]
        if self.op == "in":
            for first, last in self.right:
                numbers += [first.values[abi], (last or first).values[abi]]
        else:
            numbers.append(self.right.values[abi])
        found = {0, 1, argument.ones, argument.ones >> 1, (argument.ones >> 1) + 1}
        for number in numbers:
            for near in (number - 1, number, number + 1, ~number, number ^ 1 << 32):
                found.add(near & argument.ones)
        found |= {argument.ones & ~number for number in numbers}
        return sorted(found)


class Not:
    def __init__(self, inner):
        self.inner = inner

    def text(self):
        return "!(%s)" % self.inner.text()

    def names(self):
        return self.inner.names()

    def comparisons(self):
        return self.inner.comparisons()

    def reading(self, call, abi):
        inner = self.inner.reading(call, abi)
        return lambda words: not inner(words)


class Join:
    """Two conditions with && or ||."""

    def __init__(self, op, left, right):
        self.op = op
        self.left = left
        self.right = right

    def _side(self, side, right):
        # && binds tighter, and a chain groups from the left.
        open_side = isinstance(side, Join) and (self.op == "&&" and side.op == "||" or right)
        return "(%s)" % side.text() if open_side else side.text()

    def text(self):
        return "%s %s %s" % (
            self._side(self.left, False), self.op, self._side(self.right, True)
        )

    def names(self):
        return self.left.names() + self.right.names()

    def comparisons(self):
        return self.left.comparisons() + self.right.comparisons()

    def reading(self, call, abi):
        left = self.left.reading(call, abi)
        right = self.right.reading(call, abi)
        if self.op == "&&":
            return lambda words: left(words) and right(words)
        return lambda words: left(words) or right(words)


class Entry:
    """What stands in a rule's list: a call, `any` call, or a group."""

    def __init__(self, name, any=False, optional=False, group=None):
        self.name = name
        self.any = any
        self.optional = optional
        self.group = group

    def text(self):
        words = ["optional"] * self.optional + ["any"] * self.any
        return " ".join(words + ["@" + self.name if self.group else self.name])


class Statement:
    """A rule; in a group it has no action. `line` is where it stands in the text."""

    def __init__(self, action, entries, where=None):
        self.action = action
        self.entries = entries
        self.where = where
        self.dead = False  # nothing reaches it, and so it is left out
        self.line = 0

    def text(self):
        text = ", ".join(entry.text() for entry in self.entries)
        if self.action:
            text = "%s %s" % (self.action.text, text)
        return text + (" where %s;" % self.where.text() if self.where else ";")

    def members(self, catalogue):
        """(call, conditions, ABSENT or None) of each call that it stands for."""
        for entry in self.entries:
            if entry.group:
                for call, conditions, instead in entry.group.members(catalogue):
                    more = [self.where] if self.where and instead is None else []
                    yield call, conditions + more, instead
                continue
            names = {entry.name} & catalogue.calls.keys()
            for name in catalogue.equivalents(entry.name) if entry.any else names:
                call = catalogue.calls[name]
                missing = self.where and any(call.find(n) is None for n in self.where.names())
                if not missing:
                    yield call, [self.where] if self.where else [], None
                elif name in catalogue.hidden:
                    yield call, [], ABSENT


class Block:
    """The statements of a group, or of one side of a `when` (`abis`: where they stand)."""

    def __init__(self, statements, abis=None, condition=None, otherwise=None):
        self.statements = statements
        self.abis = abis
        self.condition = condition
        self.otherwise = otherwise

    def taken(self, abi):
        if self.abis is None or abi in self.abis:
            return self.statements
        return self.otherwise or []

    def members(self, catalogue):
        for statement in self.taken(catalogue.abi.name):
            yield from statement.members(catalogue)


def action_text(action):
    """As the language spells it, an errno as a number."""
    for word, value in ACTIONS.items():
        if action & 0xFFFF0000 == value:
            with_data = word in ("deny", "trap", "trace")
            return "%s %d" % (word, action & 0xFFFF) if with_data else word
    raise ValueError(hex(action))


class Policy:
    def __init__(self):
        self.abis = []
        self.baseline = None
        self.default = None
        self.unknown = None
        self.foreign = None
        self.head = []  # lines of text: let, param, groups
        self.statements = []  # Statement and Block
        self.tail = []  # lines of text: expectations
        self.definitions = []  # what -D gives to params

    def text(self):
        """Writes it, and numbers the lines of the rules."""
        lines = []
        if self.baseline:
            lines.append("baseline linux %d.%d;" % self.baseline)
        lines += self.head
        for word in ("default", "unknown", "foreign"):
            action = getattr(self, word)
            if action:
                lines.append("%s %s;" % (word, action.text))

        def write(statements, indent):
            for statement in statements:
                if isinstance(statement, Block):
                    lines.append("%swhen %s {" % (indent, statement.condition))
                    write(statement.statements, indent + "\t")
                    if statement.otherwise:
                        lines.append(indent + "} else {")
                        write(statement.otherwise, indent + "\t")
                    lines.append(indent + "}")
                elif not statement.dead:
                    lines.append(indent + statement.text())
                    statement.line = len(lines)

        write(self.statements, "")
        return "\n".join(lines + self.tail) + "\n"

    def written(self):
        """All rules, wherever they stand."""

        def each(statements):
            for statement in statements:
                if isinstance(statement, Block):
                    yield from each(statement.statements)
                    yield from each(statement.otherwise or [])
                else:
                    yield statement

        return list(each(self.statements))

    def _rules(self, statements, catalogue):
        for statement in statements:
            if isinstance(statement, Block):
                yield from self._rules(statement.taken(catalogue.abi.name), catalogue)
                continue
            if statement.dead:
                continue
            for call, conditions, instead in statement.members(catalogue):
                action = (instead or statement.action).value(catalogue)
                yield statement, call, conditions, action

    def reading(self, catalogue):
        return Reading(self, catalogue, list(self._rules(self.statements, catalogue)))


class Reading:
    """What a policy means on one ABI."""

    def __init__(self, policy, catalogue, rules):
        self.abi = catalogue.abi
        self.highest = catalogue.highest(policy.baseline or catalogue.newest())
        self.private = catalogue.private(policy.baseline or catalogue.newest())
        self.default = policy.default.value(catalogue)
        self.unknown = (policy.unknown or self._unknown_else(policy.default)).value(catalogue)
        self.rules = {}  # number: [(conditions, action, statement)]
        self.calls = {}
        self.edges = {}  # number: {argument: values}
        for statement, call, conditions, action in rules:
            readings = [condition.reading(call, self.abi.name) for condition in conditions]
            self.rules.setdefault(call.number, []).append((readings, action, statement))
            self.calls[call.number] = call
            for condition in conditions:
                for comparison in condition.comparisons():
                    argument = call.find(comparison.name)
                    edges = self.edges.setdefault(call.number, {})
                    edges.setdefault(argument, set()).update(
                        comparison.edges(argument, self.abi.name)
                    )

    @staticmethod
    def _unknown_else(default):
        return ABSENT if default.word in ("deny", "allow", "log") else default

    def answer(self, words):
        """The action, and the statement that gives it or None."""
        for readings, action, statement in self.rules.get(words[0], ()):
            if all(holds(words) for holds in readings):
                return action, statement
        known = words[0] <= self.highest or words[0] in self.private
        return (self.default if known else self.unknown), None
