/* SPDX-License-Identifier: MIT */
#include "probe_tell.h"

#include <errno.h>
#include <string.h>
#include <sysexits.h>

#include "frame.h"
#include "text_probe.h"
#include "tty_owner.h"
#include "usage.h"
#include "words.h"

#define ILLEGAL_FUNCTION 1

static int tell_busy(const char *device)
{
	struct tty_owner holder;

	if (tty_owner_find(device, &holder))
		usage_tell(tr("%s is held by %s (process %ld); two masters on one line break both: "
			      "stop it first"),
			   device, holder.name, holder.pid);
	else
		usage_tell(tr("%s is held by another program; two masters on one line break both: "
			      "stop it first"),
			   device);
	return EX_TEMPFAIL;
}

int probe_tell_closed(const struct link_conf *link, int code)
{
	char line[TEXT_LINE_MAX];

	text_probe_line(link, line);
	if (code == EBUSY && link->kind == LINK_RTU)
		return tell_busy(link->device);
	const char *reason = code != ENOTTY ? strerror(code) : tr("it is not a serial line");
	usage_tell(tr("%s: cannot be opened: %s"), line, reason);
	if (link->kind != LINK_RTU)
		return EX_UNAVAILABLE;
	if (code == EACCES || code == EPERM)
		return EX_NOPERM;
	return code == EIO ? EX_IOERR : EX_NOINPUT;
}

/* Of a serial line; a gateway's own line is out of sight. */
static const char *missing_text_serial(enum why why, int code)
{
	if (why == WHY_BAD_FRAME && code == FRAME_BEHIND_ZERO)
		return tr("a byte 00 stands before each answer: the line has no bias or "
			  "termination,\nor the converter switches its driver too late");
	if (why == WHY_BAD_FRAME)
		return tr("answers come, and none is right: baud rate or parity, noise, two "
			  "devices "
			  "of\none address, or another master on the line");
	if (why == WHY_ECHO)
		return tr("our own request comes back: turn off the adapter's local echo");
	return tr("no answer: power, wiring (A and B exchanged?), baud rate, parity, unit id;\n"
		  "--unit 1-247 looks for units; some devices are silent about registers they "
		  "do\n"
		  "not have: try --function 4 or another --from");
}

static const char *missing_text_tcp(enum why why)
{
	if (why == WHY_BAD_FRAME || why == WHY_ECHO)
		return tr("answers come, and none is right: they are of another unit, or the "
			  "other\nside speaks no Modbus TCP (RTU through a plain converter?)");
	return tr("it is connected, and there is no answer: unit id, or the device behind the\n"
		  "gateway; --unit 1-247 looks for units; some devices are silent about "
		  "registers\nthey do not have: try --function 4 or another --from");
}

static const char *missing_text(enum why why, int code, const struct probe_options *options)
{
	if (why == WHY_LINK)
		return tr("it hangs up, or the line is broken");
	return options->link.kind == LINK_TCP ? missing_text_tcp(why)
					      : missing_text_serial(why, code);
}

int probe_tell_missing_answer(const struct probe_options *options, int unit, enum why why, int code)
{
	char line[TEXT_LINE_MAX];

	text_probe_line(&options->link, line);
	usage_tell(tr("%s, unit %d: %s%s%s"), line, unit, missing_text(why, code, options),
		   why == WHY_LINK ? ": " : "", why == WHY_LINK ? strerror(code) : "");
	return why == WHY_LINK && options->link.kind == LINK_RTU ? EX_IOERR : EX_UNAVAILABLE;
}

static const char *silence_text(const struct probe_options *options)
{
	if (options->link.kind == LINK_TCP)
		return tr("it is connected; look at what is behind the gateway");
	return tr("power, wiring (A and B exchanged?), baud rate, parity");
}

/* A line of which nobody answers. */
int probe_tell_silence(const struct probe_options *options)
{
	usage_tell(tr("none of units %d to %d answers: %s"), options->first_unit,
		   options->last_unit, silence_text(options));
	return EX_UNAVAILABLE;
}

/* The device is there; what was asked for is not. */
void probe_tell_all_refused(const struct sweep *sweep)
{
	int other = sweep->function == 3 ? 4 : 3, from = sweep->from;

	if (sweep->registers[0].why == WHY_EXCEPTION &&
	    sweep->registers[0].code == ILLEGAL_FUNCTION)
		usage_tell(tr("the device has no function %d: try --function %d"), sweep->function,
			   other);
	else
		usage_tell(tr("registers %d to %d are all refused: try --function %d, or all\nof "
			      "them, --from 0 --count 65536 (some 10 s by Ethernet, minutes on a "
			      "serial line)"),
			   from, from + sweep->count - 1, other);
}
