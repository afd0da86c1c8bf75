#!/bin/bash
# SPDX-License-Identifier: MIT
# Installs what the tests need, builds, runs them, and counts: see --help.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
# Debian's own tools, whatever else is in front of them here.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH LC_ALL=C.UTF-8

usage() {
	cat <<'END'
usage: ./test.sh [--full]

Builds hazewatch on Debian 12 and runs its tests. Missing packages are named, then installed (with
sudo if you are not root); nothing else outside this folder is changed, and no service is left
running. Works without a terminal.

  (nothing)   the quick suite: unit, structure and quick integration tests
  --full      the quick suite first, then: unit tests with address, undefined-behaviour and thread
              sanitizers, a build with clang, cppcheck, clang-tidy, shellcheck, fuzzing, slow integration
  --help      this text

The last line says "N passed, N failed, N skipped"; skipped and failed cases are listed above it.
Exit status 0 only if nothing failed and something ran. Build folders and logs: build-*/.
END
}

full=false
case ${1-} in
'') ;;
--full) full=true ;;
-h | --help) usage && exit 0 ;;
*) usage >&2 && exit 64 ;;
esac
(($# < 2)) || { usage >&2 && exit 64; }

# shellcheck source=tests/tools/packages.sh
. tests/tools/packages.sh
trap packages_done EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

logs=build-logs
tally=$logs/tally
built=false
jobs=$(nproc)

heading() { printf '\n== %s\n' "$1"; }

# note OUTCOME NAME TEXT: one case of the closing line; TEXT is the reason, or the log if it failed.
note() { printf 'case\t%s\t%s\t%s\n' "$1" "$2" "$3" >>"$tally"; }

# step NAME COMMAND...: a command that counts as one case.
step() {
	local name=$1 log=$logs/${1//[^a-zA-Z0-9]/-}.log since=$SECONDS
	shift
	printf '%s ... ' "$name"
	if "$@" >"$log" 2>&1 </dev/null; then
		echo "ok ($((SECONDS - since)) s)"
		note passed "$name" ''
	else
		echo "FAILED ($((SECONDS - since)) s), see $log"
		note failed "$name" "$log"
		return 1
	fi
}

# configure DIRECTORY CC OPTION...: a fresh or an existing build folder.
configure() {
	local dir=$1 cc=$2
	shift 2
	if [[ -f $dir/build.ninja ]] && meson setup --reconfigure "$dir" --werror "$@"; then
		return 0
	fi
	rm -rf "$dir"
	CC=$cc meson setup "$dir" --werror "$@"
}

configure_and_build() {
	configure "$@" && ninja -C "$1" -j "$jobs"
}

# run_tests LABEL DIRECTORY ARGUMENT...: one run of meson test; its cases are counted at the end.
run_tests() {
	local label=$1 dir=$2 status=0
	shift 2
	rm -f "$dir/meson-logs/$label.json"
	meson test -C "$dir" --no-rebuild --num-processes "$jobs" --logbase "$label" "$@" \
		</dev/null || status=$?
	printf 'meson\t%s\t%s\t%s\n' "$label" "$dir/meson-logs/$label.json" "$status" >>"$tally"
}

quick() {
	heading 'quick suite'
	if step 'build with gcc, warnings are errors' configure_and_build build-test gcc; then
		built=true
		run_tests quick build-test --suite quick
	fi
}

address_sanitizer() {
	heading 'unit tests with the address and undefined-behaviour sanitizers'
	if step 'build with address and undefined-behaviour sanitizers' configure_and_build build-asan gcc \
		-Db_sanitize=address,undefined -Dc_args=-fno-sanitize-recover=all; then
		ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1 \
			run_tests asan build-asan --suite unit --timeout-multiplier 4
	fi
}

# Tests of what is shared between threads, and of the daemon with all of them.
threaded_tests() {
	meson introspect --tests build-tsan | /usr/bin/python3 -c '
import json, sys
for test in json.load(sys.stdin):
    if test["name"] in ("queue", "bus", "link", "gate", "district"):
        print(test["name"])'
}

thread_sanitizer() {
	local wrapper=() tests
	heading 'threads with the thread sanitizer'
	# gcc 12's runtime does not know address spaces with more random bits.
	if (($(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 28) > 28)); then
		if ! setarch "$(uname -m)" -R true 2>/dev/null; then
			note skipped 'thread sanitizer' 'vm.mmap_rnd_bits is above 28 and setarch -R is not allowed'
			return 0
		fi
		wrapper=(--wrapper "setarch $(uname -m) -R")
	fi
	step 'build with the thread sanitizer' configure_and_build build-tsan gcc -Db_sanitize=thread ||
		return 0
	mapfile -t tests < <(threaded_tests)
	if ((${#tests[@]} == 0)); then
		note skipped 'thread sanitizer' 'no test has threads'
		return 0
	fi
	# At a stop the daemon waits a second for the MQTT library and then leaves its thread behind.
	TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:report_thread_leaks=0 \
		run_tests tsan build-tsan "${wrapper[@]}" --timeout-multiplier 4 "${tests[@]}"
}

run_cppcheck() {
	cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
		--error-exitcode=1 --suppress=missingIncludeSystem -D_GNU_SOURCE -j "$jobs" \
		-I rules -I sensors -I storage -I daemon rules sensors storage daemon
}

run_clang_tidy() {
	find rules sensors storage daemon -name '*.c' -print0 |
		xargs -0 -n 1 -P "$jobs" clang-tidy --quiet -p build-clang
}

run_shellcheck() {
	find . -path './build*' -prune -o -name '*.sh' -print0 | xargs -0 shellcheck -x .ci/run
}

other_tools() {
	heading 'clang and static analysis'
	if step 'build with clang, warnings are errors' configure_and_build build-clang clang; then
		step 'clang-tidy' run_clang_tidy || true
	else
		note skipped 'clang-tidy' 'needs the build with clang'
	fi
	step 'cppcheck' run_cppcheck || true
	step 'shellcheck' run_shellcheck || true
}

slow() {
	heading 'slow integration tests'
	if $built; then
		run_tests full build-test --suite full
	else
		note skipped 'slow integration tests' 'need the build with gcc'
	fi
}

rm -rf "$logs"
mkdir -p "$logs"
: >"$tally"
packages=("${PACKAGES_QUICK[@]}")
$full && packages=("${PACKAGES_FULL[@]}")
if packages_install ./test.sh "${packages[@]}"; then
	quick
	if $full; then
		address_sanitizer
		thread_sanitizer
		other_tools
		slow
	fi
else
	note failed 'install what the tests need' /dev/null
fi
heading "results after $((SECONDS / 60)) min $((SECONDS % 60)) s"
/usr/bin/python3 tests/tools/tally.py "$tally"
