# SPDX-License-Identifier: Apache-2.0
# Compares what a kernel answered with what `pale sim` says. Each line has, with tabs between: policy,
# ABI, line of trials.def, the answer that `pale sim` must give if any, the kernel's answer, call; and
# behind those call, answer and instructions of `pale sim`. FOREIGN, if not empty, is the answer that
# it must give to all. Prints each difference; ends with 1 where there is one.
BEGIN {
	FS = "\t"
}
{
	total++
	wanted = FOREIGN ? FOREIGN : $4
	expected = "unknown answer of sim"
	if ($8 ~ /^deny [0-9]+$/)
		expected = "result -" substr($8, 6)
	else if ($8 ~ /^trap [0-9]+$/)
		expected = $8
	else if ($8 ~ /^kill/)
		expected = "signal " SIGSYS
	else if ($8 ~ /^(trace|notify)/)
		expected = "result -" ENOSYS # nobody listens
	else if ($8 == "allow" || $8 == "log")
		expected = "allowed"
	answer = $5
	# The kernel's own answer, whatever it is: to some wrong numbers arm's is a signal.
	if (expected == "allowed" && answer ~ /^(result|signal) / && \
	    answer !~ /^result -3[0-9][0-9][0-9]$/ && answer != "signal " SIGSYS)
		answer = "allowed"
	if ($6 != $7)
		expected = "the answer to another call, " $7
	if (wanted && wanted != $8) {
		printf "%s on %s, trials.def:%s: %s: pale sim says '%s', not '%s'\n",
			$1, $2, $3, $6, $8, wanted
		bad = 1
	}
	if (answer != expected) {
		printf "%s on %s, trials.def:%s: %s: the kernel says '%s', pale sim '%s'\n",
			$1, $2, $3, $6, $5, $8
		bad = 1
	}
}
END {
	exit bad || !total
}
