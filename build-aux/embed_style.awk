# SPDX-License-Identifier: Apache-2.0
# Writes a style sheet, given as argument, as the C text of profiler/report/style.h, without its
# comments and the blanks that lines begin with.
BEGIN {
	print "/* Made by build-aux/embed_style.awk from profiler/report/style.css. */"
	print "#include \"profiler/report/style.h\"\n"
	print "const char report_style[] ="
}
# Comments stand on lines of their own.
/^[ \t]*\/\*/ { inside = 1 }
!inside {
	sub(/^[ \t]+/, "")
	line = ""
	for (i = 1; i <= length($0); i++) {
		letter = substr($0, i, 1)
		if (letter == "\\" || letter == "\"")
			line = line "\\"
		line = line letter
	}
	if (line != "")
		printf "\t\"%s\\n\"\n", line
}
/\*\/[ \t]*$/ { inside = 0 }
END {
	print "\t;"
	print "const size_t report_style_length = sizeof(report_style) - 1;"
}
