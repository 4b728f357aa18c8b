# SPDX-License-Identifier: Apache-2.0
# Writes the shipped rule sets given as arguments as a C table, struct library_file of
# policy-lang/library.h.
BEGIN {
	print "/* Made by build-aux/embed_library.awk from policy-lang/library/. */"
	print "#include \"policy-lang/library.h\"\n"
	print "const struct library_file library_files[] = {"
}
FNR == 1 {
	if (count++)
		print "\t},"
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.pale$/, "", name)
	printf "\t{\"%s\",\n", name
}
{
	# awks differ in what a backslash in the text of gsub() means.
	line = ""
	for (i = 1; i <= length($0); i++) {
		letter = substr($0, i, 1)
		if (letter == "\\" || letter == "\"")
			line = line "\\"
		line = line (letter == "\t" ? "\\t" : letter)
	}
	printf "\t \"%s\\n\"\n", line
}
END {
	if (count)
		print "\t},"
	print "};"
	printf "const size_t library_file_count = %d;\n", count
}
