# SPDX-License-Identifier: Apache-2.0
# Makes the C tables of constants from data/constants.tsv, behind data/calls.tsv on the command
# line, whose title names the ABIs. What the data may not say stops the build here, with the file
# and the line. doc/catalog.md describes the form of the data.

function fail(text)
{
	print FILENAME ":" FNR ": " text > "/dev/stderr"
	failed = 1
	exit 1
}

# A value as a C constant; awk's own numbers would lose the upper bits.
function value_of(text)
{
	if (text !~ /^-?[0-9]+$/ && text !~ /^0x[0-9a-f]+$/)
		fail("not a number: " text)
	return text ~ /^-/ ? "(uint64_t)" text "LL" : text "ULL"
}

# Sorts list[1..count] of words by shell sort.
function sort_words(list, count, gap, i, j, word)
{
	for (gap = int(count / 2); gap > 0; gap = int(gap / 2))
		for (i = gap + 1; i <= count; i++) {
			word = list[i]
			for (j = i; j > gap && list[j - gap] "" > word ""; j -= gap)
				list[j] = list[j - gap]
			list[j] = word
		}
}

# Sets here[ABI] for the ABIs that TEXT names: with | between; mips* is all that begin with mips.
function read_abis(text, here, list, count, i, j, word)
{
	split("", here)
	count = split(text, list, "|")
	for (i = 1; i <= count; i++) {
		word = list[i]
		if (!(word in known_abis) && word !~ /\*$/)
			fail("no ABI is named " word)
		for (j = 1; j <= abi_count; j++)
			if (word == abis[j] || word == substr(abis[j], 1, length(word) - 1) "*") {
				if (abis[j] in here)
					fail(abis[j] " stands twice")
				here[abis[j]] = 1
				words_used[word] = 1
			}
		if (!(word in words_used))
			fail("no ABI is named " word)
	}
}

# Takes "mips*|arm=0x80" or "x86=-": rows of values that hold there instead of the usual one.
function read_exception(name, text, part, i, set)
{
	if (split(text, part, "=") != 2)
		fail("an exception is ABIS=VALUE, not " text)
	read_abis(part[1], named)
	set = ""
	for (i = 1; i <= abi_count; i++)
		if (abis[i] in named) {
			if (abis[i] in given)
				fail(abis[i] " stands twice")
			given[abis[i]] = 1
			set = set (set == "" ? "" : " | ") "ABI_BIT(ABI_" toupper(abis[i]) ")"
		}
	exceptions[name, ++exception_count[name]] = \
		"{" set ", " (part[2] == "-" ? "false, 0" : "true, " value_of(part[2])) "}"
}

# Where the usual value is none, the ABIs that no exception of the row names.
function read_absence(name, i, set)
{
	set = ""
	for (i = 1; i <= abi_count; i++)
		if (!(abis[i] in given))
			set = set (set == "" ? "" : " | ") "ABI_BIT(ABI_" toupper(abis[i]) ")"
	if (set == "")
		fail("no ABI is left for the usual value")
	exceptions[name, ++exception_count[name]] = "{" set ", false, 0}"
}

BEGIN {
	FS = "\t"
	constant_count = family_count = 0
}

FNR == 1 { file++ }

file == 1 && FNR == 1 {
	for (i = 4; i < NF; i++) {
		split($i, part, ">=")
		abis[++abi_count] = part[1]
		known_abis[part[1]] = 1
	}
}

file == 1 || /^#/ { next }

{
	if (NF != 5)
		fail("expected 5 columns, found " NF)
	if ($2 in value)
		fail($2 " stands twice")
	names[++constant_count] = $2
	count = split($1, list, " ")
	family[$2] = list[1]
	for (i = 1; i <= count; i++) {
		if (!(list[i] in member_count))
			families[++family_count] = list[i]
		members[list[i], ++member_count[list[i]]] = $2
	}
	value[$2] = value_of($4 == "-" ? "0" : $4)
	exception_count[$2] = 0
	split("", given)
	count = $5 == "-" ? 0 : split($5, texts, ",")
	for (i = 1; i <= count; i++)
		read_exception($2, texts[i])
	if ($4 == "-")
		read_absence($2)
}

END {
	if (failed)
		exit 1
	sort_words(names, constant_count)
	sort_words(families, family_count)
	print "/* Made by scripts/constants.awk from the catalogue data. */"
	print "enum { CONSTANT_COUNT = " constant_count ", FAMILY_COUNT = " family_count " };\n"
	print "static const struct constant constants[CONSTANT_COUNT] = {"
	for (i = 1; i <= constant_count; i++) {
		id[names[i]] = i - 1
		print "\t{\"" names[i] "\", \"" family[names[i]] "\"},"
	}
	print "};\n\nstatic const uint64_t constant_values[CONSTANT_COUNT] = {"
	for (i = 1; i <= constant_count; i++)
		print "\t" value[names[i]] ","
	print "};\n\n/* Where ABIs do not have that value: their own, or none. */"
	print "static const struct exception {\n\tabi_set abis;\n\tbool present;\n\tuint64_t value;"
	print "} constant_exceptions[] = {"
	for (i = 1; i <= constant_count; i++)
		for (j = 1; j <= exception_count[names[i]]; j++)
			print "\t" exceptions[names[i], j] ","
	print "};\n\n/* Those of constant N begin at the Nth and end at the next one's. */"
	print "static const uint16_t constant_exception_first[CONSTANT_COUNT + 1] = {"
	total = 0
	for (i = 1; i <= constant_count; i++) {
		print "\t" total ","
		total += exception_count[names[i]]
	}
	if (total > 65535)
		fail("more exceptions than 16 bits count")
	print "\t" total ","
	print "};\n\nstatic const constant_id family_members[] = {"
	total = 0
	for (i = 1; i <= family_count; i++) {
		name = families[i]
		first[i] = total
		line = "\t"
		for (j = 1; j <= member_count[name]; j++)
			line = line id[members[name, j]] ","
		print line
		total += member_count[name]
	}
	print "};\n\nstatic const struct {\n\tconst char *name;\n\tuint16_t first;\n\tuint16_t count;"
	print "} families[FAMILY_COUNT] = {"
	for (i = 1; i <= family_count; i++)
		print "\t{\"" families[i] "\", " first[i] ", " member_count[families[i]] "},"
	print "};"
}
