#!/bin/bash
# SPDX-License-Identifier: MIT
# Installs what the tests need, builds, runs them, and counts: see --help.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
# Debian's own tools, whatever else is in front of them here.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH LC_ALL=C.UTF-8

usage() {
	cat <<'END'
usage: ./test.sh [--full | --long | --drills | --fuzz MINUTES]

Builds hazewatch on Debian 12 and runs its tests. Missing packages are named, then installed (with
sudo if you are not root); nothing else outside this folder is changed, and no service is left
running. Works without a terminal.

  (nothing)   the quick suite: unit, structure and integration tests of 10 s at most; 4 minutes
  --full      the quick suite first, then: unit tests with address, undefined-behaviour and thread
              sanitizers, a build with clang, cppcheck, clang-tidy, shellcheck, the Debian package,
              fuzzing, slow unit and integration tests; 45 to 60 minutes
  --long      what has no place in those: a thousand kills, thirty days of random faults, five
              minutes of fuzzing a target, other processors and piuparts in a Debian of their
              own, the tarball, how much of the code the tests reach, the benchmarks (release
              build); three hours. Not the other two suites
  --drills    the fault catalogue alone: every drill of it, and a table of what was injected,
              promised and seen (--full prints it, too); 30 minutes
  --fuzz N    N minutes of fuzzing each target, one after the other on each core; what was worth
              keeping stays in build-fuzz/TARGET/corpus
  --help      this text

Times are those of two cores. The last line says "N passed, N failed, N skipped"; skipped and failed
cases are listed above it, and the ten tests that took longest. A slow test that measures moments
and failed runs once more, alone; what it said at first is listed, too. Exit status 0 only if nothing failed
and something ran. Build folders, logs and the compiler's cache: build-*/.
END
}

rank=quick
minutes=0
case ${1-} in
--fuzz)
	rank=fuzz minutes=${2-}
	[[ $minutes =~ ^[1-9][0-9]{0,3}$ ]] || { usage >&2 && exit 64; }
	shift
	;;
'') ;;
--full | --long | --drills) rank=${1#--} ;;
-h | --help) usage && exit 0 ;;
*) usage >&2 && exit 64 ;;
esac
(($# < 2)) || { usage >&2 && exit 64; }

# shellcheck source=tests/tools/packages.sh
. tests/tools/packages.sh
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

logs=build-logs
tally=$logs/tally
built=false
jobs=$(nproc)
waiting= # the process of the tests that wait, and their process group
export CCACHE_DIR=$PWD/build-ccache

finish() {
	[[ -z $waiting ]] || kill -TERM -- "-$waiting" 2>/dev/null || true
	packages_done
}

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
	! command -v ccache >/dev/null || cc="ccache $cc"
	if [[ -f $dir/build.ninja ]] && meson setup --reconfigure "$dir" --werror "$@"; then
		return 0
	fi
	rm -rf "$dir"
	CC=$cc meson setup "$dir" --werror "$@"
}

# Nice, as tests that wait may run beside it.
configure_and_build() {
	configure "$@" && nice ninja -C "$1" -j "$jobs"
}

# run_tests LABEL DIRECTORY ARGUMENT...: one run of meson test; its cases are counted at the end.
run_tests() {
	local label=$1 dir=$2 status=0 kind=${kind-meson}
	shift 2
	rm -f "$dir/meson-logs/$label.json"
	meson test -C "$dir" --no-rebuild --num-processes "$jobs" --logbase "$label" "$@" \
		</dev/null || status=$?
	printf '%s\t%s\t%s\t%s\n' "$kind" "$label" "$dir/meson-logs/$label.json" "$status" >>"$tally"
}

quick() {
	heading 'quick suite'
	if step 'build with gcc, warnings are errors' configure_and_build build-test gcc; then
		built=true
		run_tests quick build-test --suite quick --num-processes $((jobs + 1)) # many of them wait
	fi
}

address_sanitizer() {
	heading 'unit tests with the address and undefined-behaviour sanitizers'
	if step 'build with address and undefined-behaviour sanitizers' configure_and_build build-asan gcc \
		-Doptimization=1 -Db_sanitize=address,undefined -Dc_args=-fno-sanitize-recover=all; then
		CK_TIMEOUT_MULTIPLIER=4 ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 \
			UBSAN_OPTIONS=print_stacktrace=1 \
			run_tests asan build-asan --suite unit --timeout-multiplier 4
	fi
}

# Tests of what is shared between threads, and of the daemon with all of them.
threaded_tests() {
	meson introspect --tests build-tsan | /usr/bin/python3 -c '
import json, sys
for test in json.load(sys.stdin):
    if test["name"] in ("queue", "bus", "bus-slow", "link", "link-slow", "gate", "spool", "hearing", "loggers", "platforms",
                        "district", "storm"):
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
	step 'build with the thread sanitizer' configure_and_build build-tsan gcc -Doptimization=1 \
		-Db_sanitize=thread || return 0
	mapfile -t tests < <(threaded_tests)
	if ((${#tests[@]} == 0)); then
		note skipped 'thread sanitizer' 'no test has threads'
		return 0
	fi
	# At a stop the daemon waits a second for the MQTT library and then leaves its thread behind.
	CK_TIMEOUT_MULTIPLIER=4 TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:report_thread_leaks=0 \
		run_tests tsan build-tsan "${wrapper[@]}" --timeout-multiplier 4 "${tests[@]}"
}

# The fault catalogue of what the runs of this script have seen; a case that failed is counted there.
fault_catalogue() {
	local log seen=()
	heading 'fault catalogue'
	for log in build-test/meson-logs/{quick,waiting,computing,full,again}.json; do
		[[ ! -f $log ]] || seen+=("$log")
	done
	step 'every drill was run and every promise kept' tests/tools/drills.py --of "${seen[@]}" || true
	cat "$logs/every-drill-was-run-and-every-promise-kept.log"
}

drills() {
	step 'build with gcc, warnings are errors' configure_and_build build-test gcc || return 0
	heading 'fault catalogue'
	if tests/tools/drills.py build-test; then
		note passed 'every drill was run and every promise kept' ''
	else
		note failed 'every drill was run and every promise kept' /dev/null
	fi
}

run_cppcheck() {
	local rooms
	mapfile -t rooms < <(find rules sensors storage daemon -type d -printf '-I%p\n')
	nice cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
		--error-exitcode=1 --suppress=missingIncludeSystem -D_GNU_SOURCE -j "$jobs" \
		"${rooms[@]}" rules sensors storage daemon
}

run_clang_tidy() {
	find rules sensors storage daemon -name '*.c' -print0 |
		nice xargs -0 -n 1 -P "$jobs" clang-tidy --quiet -p build-clang
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

# What the tests need and no package brings; in a chroot it is easily forgotten.
check_machine() {
	local lacks=()
	/usr/bin/python3 -c 'import os; os.openpty()' 2>/dev/null ||
		lacks+=('pseudo-terminals (mount -t devpts devpts /dev/pts)')
	[[ -d /proc/self/fd ]] || lacks+=('/proc (mount -t proc proc /proc)')
	((${#lacks[@]} > 0)) || return 0
	printf 'This machine lacks what the tests stand on: %s' "${lacks[0]}"
	printf ', %s' "${lacks[@]:1}" | sed 's/^, $//'
	echo
	return 1
}

build_package() {
	local cc=gcc
	! command -v ccache >/dev/null || cc='ccache gcc'
	CC=$cc nice systemd/package.sh build-deb
}

# Built, and installed, upgraded, removed and purged in an overlay over this machine.
packaging() {
	heading 'Debian package'
	if ! step 'build the package' build_package; then
		note skipped 'the package on a machine' 'there is no package'
	elif $built; then
		run_tests package build-test --suite package
	fi
}

# In a process group of their own, so that all of them end with this script.
begin_waiting() {
	set -m
	run_tests waiting build-test --suite waiting >"$logs/waiting.log" 2>&1 &
	waiting=$!
	set +m
}

end_waiting() {
	heading 'slow tests that mostly wait: they ran beside all this'
	wait "$waiting" || true
	waiting=
	cat "$logs/waiting.log"
}

# Without a registry the rest is built and tested all the same; what is not tested is told.
fetch_dashboard() {
	heading 'the page for the command centre'
	if configure_and_build build-test gcc -Ddashboard=enabled >"$logs/dashboard.log" 2>&1 </dev/null; then
		note passed 'fetch what the page is made with' ''
		return
	fi
	echo "SKIPPED: npm could not fetch what the page is made with, see $logs/dashboard.log"
	note skipped 'the page in a browser' 'npm could not fetch what it is made with'
	configure_and_build build-test gcc -Ddashboard=disabled >>"$logs/dashboard.log" 2>&1 </dev/null || built=false
}

full() {
	! $built || begin_waiting
	address_sanitizer
	thread_sanitizer
	other_tools
	packaging
	if ! $built; then
		note skipped 'fuzzing and slow tests' 'need the build with gcc'
		return 0
	fi
	heading 'fuzzing and other tests that compute'
	run_tests computing build-test --suite computing
	end_waiting
	fetch_dashboard
	heading 'slow tests to which moments matter'
	run_tests full build-test --suite full --no-suite waiting --no-suite computing --no-suite package \
		--num-processes $((jobs + 1)) # nearly all of them wait
	ask_again
	fault_catalogue
}

# Once and alone: a machine that did something else meanwhile fails a test that measures moments.
ask_again() {
	local names
	mapfile -t names < <(/usr/bin/python3 tests/tools/tally.py --failed-timed "$tally")
	((${#names[@]} > 0)) || return 0
	heading 'once more and alone: what measures moments and failed'
	kind=again run_tests again build-test --num-processes 1 "${names[@]}"
}

# By the quick suite, daemons among neighbours included: one that is killed leaves no counts.
coverage() {
	heading 'how much of the code the tests reach'
	step 'build with counters' configure_and_build build-coverage gcc -Doptimization=0 \
		-Db_coverage=true || return 0
	find build-coverage -name '*.gcda' -delete
	CK_TIMEOUT_MULTIPLIER=4 run_tests coverage build-coverage --suite quick --timeout-multiplier 4
	step 'the goals of coverage are reached' tests/tools/coverage.py build-coverage || true
	cat "$logs/the-goals-of-coverage-are-reached.log"
}

long() {
	heading 'long suite'
	step 'build the package' build_package || true # a systemd starts it
	if step 'build with gcc, warnings are errors' configure_and_build build-test gcc; then
		fetch_dashboard
		run_tests long build-test --suite long
	fi
	coverage
	heading 'benchmarks'
	if step 'release build' configure_and_build build-release gcc -Dbuildtype=release; then
		run_tests benchmarks build-release --benchmark --verbose
	fi
}

# fuzz_one TARGET: in a folder that stays, so that the next run goes on where this one ended.
fuzz_one() {
	step "fuzz $1" /usr/bin/python3 -B tests/fuzz/run.py "$(command -v clang || command -v clang-14)" "build-fuzz/$1" "$1" \
		$((minutes * 60)) || return 0
	grep '^# ' "$logs/fuzz-$1.log"
}

fuzz() {
	heading "fuzzing, $minutes min a target"
	local target
	for target in tests/fuzz/corpus/*/; do
		while (($(jobs -rp | wc -l) >= jobs)); do
			wait -n || true
		done
		fuzz_one "$(basename "$target")" &
	done
	wait
}

rm -rf "$logs"
mkdir -p "$logs"
: >"$tally"
packages=("${PACKAGES_FULL[@]}")
[[ $rank != quick ]] || packages=("${PACKAGES_QUICK[@]}")
[[ $rank != long ]] || packages=("${PACKAGES_LONG[@]}")
if ! packages_install ./test.sh "${packages[@]}"; then
	note failed 'install what the tests need' /dev/null
elif ! check_machine | tee "$logs/machine.log"; then
	note failed 'look for what the tests need of the machine' "$logs/machine.log"
else
	unshare --net true 2>/dev/null || echo 'No network namespaces here: tests of cables are skipped.'
	[[ $rank =~ ^(long|drills|fuzz)$ ]] || quick
	[[ $rank == quick ]] || "$rank"
fi
heading "results after $((SECONDS / 60)) min $((SECONDS % 60)) s"
/usr/bin/python3 tests/tools/tally.py "$tally"
