# SPDX-License-Identifier: Apache-2.0
# Makes the C tables of system calls from data/calls.tsv, signatures.tsv, equivalents.tsv and
# multiplexers.tsv (in this order on the command line). What the tables may not say stops the
# build here, with the file and the line. doc/catalog.md describes the form of the data.

function fail(text)
{
	print FILENAME ":" FNR ": " text > "/dev/stderr"
	failed = 1
	exit 1
}

function call_of(name)
{
	if (!(name in id_of))
		fail("no call is named " name)
	return id_of[name]
}

# "2.6.27" or "-" as a number that orders: major * 1000 + minor
function version_of(text, part)
{
	if (text == "-")
		return 0
	if (split(text, part, ".") < 2 || part[1] !~ /^[0-9]+$/ || part[2] !~ /^[0-9]+$/)
		fail("not a kernel release: " text)
	return part[1] * 1000 + part[2]
}

function braced(version)
{
	if (version > newest)
		newest = version
	return "{" int(version / 1000) ", " version % 1000 "}"
}

# "name/kernel_name:kind:use=family&mask" as an initialiser of struct call_arg
function argument_of(text, part, names, use, family, mask, at)
{
	if (split(text, part, ":") < 2)
		fail("an argument is name:kind or name:kind:use, not " text)
	if (!(part[2] in kinds))
		fail("no kind of argument is named " part[2])
	if (split(part[1], names, "/") < 2)
		names[2] = ""
	use = (3 in part) && part[3] != "" ? part[3] : "opaque"
	family = ""
	mask = "0"
	if ((at = index(use, "&"))) {
		mask = substr(use, at + 1)
		use = substr(use, 1, at - 1)
	}
	if ((at = index(use, "="))) {
		family = substr(use, at + 1)
		use = substr(use, 1, at - 1)
	}
	if (!(use in uses))
		fail("no use of an argument is named " use)
	return "{\"" names[1] "\", " (names[2] == "" ? "NULL" : "\"" names[2] "\"") ", " \
		kinds[part[2]] ", " uses[use] ", " (family == "" ? "NULL" : "\"" family "\"") ", " mask "}"
}

# Number of a signature in the pool, made when first seen. Behind " ; " stand the names of arguments
# that a filter cannot see.
function signature_of(text, list, count, i, rows, seen, hidden)
{
	if (text in signature_id)
		return signature_id[text]
	seen = text
	hidden = "NULL"
	if ((i = index(text, " ; "))) {
		seen = substr(text, 1, i - 1)
		hidden = "\"" substr(text, i + 3) "\""
	}
	count = seen == "-" ? 0 : split(seen, list, ", ")
	rows = ""
	for (i = 1; i <= count; i++)
		rows = rows "\t" argument_of(list[i]) ",\n"
	if (count > 6)
		fail("a call has six arguments at most")
	signature_rows[signature_count] = "\t{" argument_count ", " count ", " hidden "},"
	argument_rows = argument_rows rows
	argument_count += count
	return signature_id[text] = signature_count++
}

# The signature of a compat entry, which reads half-wide longs on an ABI with 64-bit registers.
function narrowed(text)
{
	gsub(/:long/, ":int", text)
	gsub(/:ulong/, ":uint", text)
	return text
}

# Sorts list[1..count] of numbers by shell sort.
function sort_numbers(list, count, gap, i, j, value)
{
	for (gap = int(count / 2); gap > 0; gap = int(gap / 2))
		for (i = gap + 1; i <= count; i++) {
			value = list[i]
			for (j = i; j > gap && list[j - gap] > value; j -= gap)
				list[j] = list[j - gap]
			list[j] = value
		}
}

# What an alias column has besides NAME@ABI: those are synonyms on one ABI, names of other calls.
function take_synonyms(text, call, list, count, i, part, rest)
{
	count = text == "-" ? 0 : split(text, list, ",")
	for (i = 1; i <= count; i++)
		if (split(list[i], part, "@") > 1) {
			if (!(part[2] in abi_index))
				fail("no ABI is named " part[2])
			synonym_name[++synonym_count] = part[1]
			synonym_abi[synonym_count] = part[2]
			synonym_call[synonym_count] = call
		} else {
			rest = rest (rest == "" ? "" : ",") list[i]
		}
	return rest == "" ? "-" : rest
}

# Notes that B does the work of A, in A's list, which is kept in order.
function add_kin(a, b, i)
{
	if ((a, b) in kin)
		return
	kin[a, b] = 1
	for (i = ++kin_count[a]; i > 1 && kin_list[a, i - 1] > b; i--)
		kin_list[a, i] = kin_list[a, i - 1]
	kin_list[a, i] = b
}

BEGIN {
	FS = "\t"
	split("int uint fd umode u16 long ulong ptr s64 u64 lohi", list, " ")
	split("ARG_INT ARG_UINT ARG_FD ARG_UMODE ARG_U16 ARG_LONG ARG_ULONG ARG_POINTER ARG_S64 ARG_U64 " \
	      "ARG_LOW_HIGH", words, " ")
	for (i in list)
		kinds[list[i]] = words[i]
	uses["opaque"] = "ARG_OPAQUE"
	uses["value"] = "ARG_VALUE"
	uses["flags"] = "ARG_FLAGS"
	call_count = argument_count = signature_count = 0
	signature_of("-")
}

FNR == 1 { file++ }

file == 1 && FNR == 1 {
	for (i = 4; i < NF; i++) {
		split($i, part, ">=")
		abis[++abi_count] = part[1]
		abi_index[part[1]] = abi_count
		abi_since[abi_count] = version_of(2 in part ? part[2] : "-")
	}
	next
}

/^#/ { next }

file == 1 {
	if (NF != abi_count + 4)
		fail("expected " abi_count + 4 " columns, found " NF)
	if (call_count && name[call_count - 1] "" >= $1 "")
		fail($1 " stands out of order")
	name[call_count] = $1
	id_of[$1] = call_count
	aliases[call_count] = take_synonyms($2, call_count)
	count = split($3, list, ",")
	since[call_count] = version_of(list[1])
	for (i = 1; i <= abi_count; i++)
		since_on[i, call_count] = since[call_count] > abi_since[i] ? since[call_count] : abi_since[i]
	for (i = 2; i <= count; i++) {
		split(list[i], part, "=")
		if (!(part[1] in abi_index))
			fail("no ABI is named " part[1])
		since_on[abi_index[part[1]], call_count] = version_of(part[2])
	}
	for (i = 1; i <= abi_count; i++) {
		number[i, call_count] = $(i + 3)
		if ($(i + 3) != "-") {
			if ((i, $(i + 3)) in taken)
				fail(abis[i] " number " $(i + 3) " is taken")
			taken[i, $(i + 3)] = call_count
			numbers[i, ++number_count[i]] = $(i + 3) + 0
		}
		signature[i, call_count] = signature_of($NF)
	}
	signature_text[call_count] = $NF
	call_count++
	next
}

file == 2 {
	call = call_of($1)
	count = split($2, list, ",")
	for (i = 1; i <= count; i++) {
		if (!(list[i] in abi_index))
			fail("no ABI is named " list[i])
		if (number[abi_index[list[i]], call] == "-")
			fail(list[i] " has no " $1)
		signature[abi_index[list[i]], call] = \
			signature_of($3 == "narrow" ? narrowed(signature_text[call]) : $3)
	}
	next
}

file == 3 {
	count = split($1, list, " ")
	for (i = 1; i <= count; i++) {
		at = index(list[i], "!")
		word[i] = at ? substr(list[i], 1, at - 1) : list[i]
		call = member[i] = call_of(word[i])
		if (at) {
			hidden_on = substr(list[i], at + 1)
			for (a = 1; a <= abi_count; a++)
				if (hidden_on == "" || index("," hidden_on ",", "," abis[a] ","))
					hidden[a, call] = 1
		}
	}
	for (i = 1; i <= count; i++)
		for (j = 1; j <= count; j++)
			add_kin(member[i], member[j])
	next
}

file == 4 && $2 == "-" {
	transparent[call_of($1)] = 1
	next
}

file == 4 {
	count = split($2, list, " ")
	for (i = 1; i <= count; i++) {
		at = index(list[i], "=")
		call = call_of(substr(list[i], 1, at - 1))
		multiplexer[call] = call_of($1)
		values_count = split(substr(list[i], at + 1), values, "|")
		for (j = 1; j <= values_count; j++) {
			if (!at || values[j] !~ /^[0-9]+$/ || values[j] > 31)
				fail("'" list[i] "' is no call with values from 0 to 31")
			multiplexed[call] = multiplexed[call] + 2 ^ values[j]
		}
	}
	next
}

END {
	if (failed)
		exit 1
	for (c = 0; c < call_count; c++)
		add_kin(c, c)
	print "/* Made by scripts/calls.awk from the catalogue data. */"
	print "enum { CALL_COUNT = " call_count " };\n"
	alias_rows = ""
	for (c = 0; c < call_count; c++)
		if (aliases[c] != "-") {
			n = split(aliases[c], list, ",")
			line = "static const char *const aliases_" c "[] = {"
			for (i = 1; i <= n; i++) {
				line = line "\"" list[i] "\", "
				alias_rows = alias_rows "\t{\"" list[i] "\", " c "},\n"
			}
			print line "NULL};"
		}
	print "\nstatic const struct call calls[CALL_COUNT] = {"
	for (c = 0; c < call_count; c++)
		print "\t{\"" name[c] "\", " braced(since[c]) ", " (aliases[c] != "-" ? "aliases_" c : "NULL") "},"
	print "};\n\nstatic const struct {\n\tconst char *name;\n\tcall_id call;\n} call_aliases[] = {"
	printf "%s", alias_rows
	print "};\n\nstatic const struct {\n\tcall_id name;\n\tcall_id call;\n\tenum abi_id abi;"
	print "} call_synonyms[] = {"
	for (i = 1; i <= synonym_count; i++)
		print "\t{" call_of(synonym_name[i]) ", " synonym_call[i] ", ABI_" \
			toupper(synonym_abi[i]) "},"
	print "};\n\nstatic const struct kernel_version abis_since[ABI_COUNT] = {"
	for (a = 1; a <= abi_count; a++)
		print "\t[ABI_" toupper(abis[a]) "] = " braced(abi_since[a]) ","
	print "};\n\nstatic const struct kernel_version calls_since[ABI_COUNT][CALL_COUNT] = {"
	for (a = 1; a <= abi_count; a++) {
		line = "\t[ABI_" toupper(abis[a]) "] = {"
		for (c = 0; c < call_count; c++)
			line = line braced(since_on[a, c]) ","
		print line "},"
	}
	print "};\n\n/* Without the ABI's base; -1 where it lacks the call. */"
	print "static const int32_t call_numbers[ABI_COUNT][CALL_COUNT] = {"
	for (a = 1; a <= abi_count; a++) {
		line = "\t[ABI_" toupper(abis[a]) "] = {"
		for (c = 0; c < call_count; c++)
			line = line (number[a, c] == "-" ? -1 : number[a, c]) ","
		print line "},"
	}
	print "};\n"
	for (a = 1; a <= abi_count; a++) {
		for (i = 1; i <= number_count[a]; i++)
			sorted[i] = numbers[a, i]
		sort_numbers(sorted, number_count[a])
		line = "static const call_id numbered_" abis[a] "[] = {"
		for (i = 1; i <= number_count[a]; i++)
			line = line taken[a, sorted[i]] ","
		print line "};"
	}
	print "static const struct {\n\tconst call_id *calls;\n\tsize_t count;\n} calls_numbered[ABI_COUNT] = {"
	for (a = 1; a <= abi_count; a++)
		print "\t[ABI_" toupper(abis[a]) "] = {numbered_" abis[a] ", " number_count[a] "},"
	print "};\n\nstatic const struct call_arg signature_args[] = {"
	printf "%s", argument_rows
	print "};\n\nstatic const struct {\n\tuint16_t first;\n\tuint16_t count;"
	print "\tconst char *hidden; /* names with blanks between them, or NULL */\n} signatures[] = {"
	for (i = 0; i < signature_count; i++)
		print signature_rows[i]
	print "};\n\nstatic const uint16_t call_signatures[ABI_COUNT][CALL_COUNT] = {"
	for (a = 1; a <= abi_count; a++) {
		line = "\t[ABI_" toupper(abis[a]) "] = {"
		for (c = 0; c < call_count; c++)
			line = line signature[a, c] ","
		print line "},"
	}
	print "};\n\nstatic const struct equivalent equivalents[] = {"
	total = 0
	for (a = 1; a <= abi_count; a++)
		for (c = 0; c < call_count; c++) {
			first[a, c] = total
			line = ""
			for (k = 1; k <= kin_count[c]; k++)
				if (number[a, (d = kin_list[c, k])] != "-") {
					line = line "{" d ", EQUIVALENT_" \
						((a, d) in hidden ? "HIDDEN" : "PLAIN") "},"
					total++
				}
			if (line != "")
				print "\t" line
		}
	print "};\n\n/* Where a call's equivalents begin; the next one's begin where they end. */"
	print "static const uint16_t equivalents_first[ABI_COUNT * CALL_COUNT + 1] = {"
	for (a = 1; a <= abi_count; a++) {
		line = "\t"
		for (c = 0; c < call_count; c++)
			line = line first[a, c] ","
		print line
	}
	print "\t" total "};\n\nstatic const call_id call_multiplexers[CALL_COUNT] = {"
	line = "\t"
	for (c = 0; c < call_count; c++)
		line = line (c in multiplexer ? multiplexer[c] : "CALL_NONE") ","
	print line "\n};\n\nstatic const uint32_t calls_multiplexed[CALL_COUNT] = {"
	line = "\t"
	for (c = 0; c < call_count; c++)
		line = line sprintf("%d", multiplexed[c]) ","
	print line "\n};\n\nstatic const bool calls_transparent[CALL_COUNT] = {"
	for (c in transparent)
		print "\t[" c "] = true,"
	print "};\n\nstatic const struct kernel_version newest_kernel = " braced(newest) ";"
}
