# SPDX-License-Identifier: Apache-2.0
# Makes the C tables of constants from data/constants.tsv. What the data may not say stops the
# build here, with the file and the line. doc/catalog.md describes the form of the data.

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

BEGIN {
	FS = "\t"
	constant_count = family_count = 0
}

/^#/ { next }

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
	value[$2] = value_of($4)
	if ($5 != "-") {
		count = split($5, list, ",")
		for (i = 1; i <= count; i++) {
			split(list[i], part, "=")
			elsewhere[$2] = elsewhere[$2] " " part[1]
			if (part[2] != "-")
				other[$2, part[1]] = value_of(part[2])
		}
	}
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
	print "};\n\n/* Where an ABI does not have that value: its own, or none. */"
	print "static const struct exception {\n\tconstant_id constant;\n\tenum abi_id abi;"
	print "\tbool present;\n\tuint64_t value;\n} constant_exceptions[] = {"
	for (i = 1; i <= constant_count; i++)
		if (names[i] in elsewhere) {
			count = split(elsewhere[names[i]], list, " ")
			for (j = 1; j <= count; j++) {
				key = names[i] SUBSEP list[j]
				print "\t{" i - 1 ", ABI_" toupper(list[j]) ", " \
					(key in other ? "true, " other[key] : "false, 0") "},"
			}
		}
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
