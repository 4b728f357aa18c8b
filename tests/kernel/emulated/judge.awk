# SPDX-License-Identifier: Apache-2.0
# Compares what a kernel answered with what `pale sim` says. Each line has, with tabs between: policy,
# ABI, line of trials.def, answer, call; and behind those call, answer and instructions of `pale sim`.
# Prints each difference; ends with 1 where there is one. SIGSYS is given with -v.
BEGIN {
	FS = "\t"
}
{
	total++
	expected = "unknown answer of sim"
	if ($7 ~ /^deny [0-9]+$/)
		expected = "result -" substr($7, 6)
	else if ($7 ~ /^trap [0-9]+$/)
		expected = $7
	else if ($7 ~ /^kill/)
		expected = "signal " SIGSYS
	else if ($7 ~ /^(trace|notify)/)
		expected = "result -" ENOSYS # nobody listens
	else if ($7 == "allow" || $7 == "log")
		expected = "allowed"
	answer = $4
	# The kernel's own answer, whatever it is: to some wrong numbers arm's is a signal.
	if (expected == "allowed" && answer ~ /^(result|signal) / && \
	    answer !~ /^result -3[0-9][0-9][0-9]$/ && answer != "signal " SIGSYS)
		answer = "allowed"
	if ($5 != $6)
		expected = "the answer to another call, " $6
	if (answer != expected) {
		printf "%s on %s, trials.def:%s: %s: the kernel says '%s', pale sim '%s'\n",
			$1, $2, $3, $5, $4, $7
		bad = 1
	}
}
END {
	exit bad || !total
}
