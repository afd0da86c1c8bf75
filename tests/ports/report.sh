# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# For the scripts of this folder, which have a folder for the log of a case.
cases=0

# report NAME COMMAND...: a case; the end of what a failed one said follows. False if it failed.
report() {
	local name=$1
	shift
	cases=$((cases + 1))
	# shellcheck disable=SC2154 # of the script that reads this
	if "$@" >"$folder/log" 2>&1 </dev/null; then
		echo "ok $cases - $name"
	else
		echo "not ok $cases - $name"
		tail -n 40 "$folder/log" | sed 's/^/# /'
		return 1
	fi
}
