/* SPDX-License-Identifier: MIT */
/*
 * Entries with fields for systemd's journal, in its native protocol (systemd.io/JOURNAL_NATIVE_
 * PROTOCOL). Not by sd_journal_sendv of libsystemd: it waits for a journal that hangs, and a
 * station does not.
 */
#ifndef DAEMON_BASE_JOURNALD_H
#define DAEMON_BASE_JOURNALD_H

#include <stdbool.h>
#include <stddef.h>

/* True if a descriptor is the stream that JOURNAL_STREAM names: the variable alone is inherited by
 * whoever is started with other descriptors. */
bool journald_reads(int fd);

/* Hands over an entry of lines NAME=value. Never waits; false: the journal is away, full or takes
 * no such entry. Safe from every thread. */
bool journald_send(const char *entry, size_t n);

/* Tests have a journal of their own; NULL ends it. */
void journald_divert(const char *path);

#endif
