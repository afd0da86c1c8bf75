/* SPDX-License-Identifier: MIT */
#include "link.h"

static enum why open_line(void *ctx, int *ret_errno)
{
	return link_open(ctx, ret_errno);
}

static bool is_line_open(void *ctx)
{
	return link_is_open(ctx);
}

static unsigned count_openings(void *ctx)
{
	return link_openings(ctx);
}

static enum why read_line(void *ctx, const struct asked *asked, const struct request *request,
			  uint16_t *ret, int *ret_code)
{
	return link_read(ctx, asked, request, ret, ret_code);
}

static void close_line(void *ctx)
{
	link_close(ctx);
}

static void interrupt_line(void *ctx)
{
	link_interrupt(ctx);
}

static int64_t give_monotonic_ms(void *ctx)
{
	(void)ctx;
	return link_now_ms();
}

struct master link_master(struct link *link)
{
	return (struct master){
		.ctx = link,
		.open = open_line,
		.is_open = is_line_open,
		.openings = count_openings,
		.read = read_line,
		.close = close_line,
		.interrupt = interrupt_line,
		.now_ms = give_monotonic_ms,
	};
}
