/* SPDX-License-Identifier: MIT */
/* The numbers of HJ 212 in words of the language: what the standard's tables say. */
#ifndef DAEMON_CLI_HJ212_WORDS_HJ212_H
#define DAEMON_CLI_HJ212_WORDS_HJ212_H

#include "sample.h"

/* Each is "" of what it does not know. */
const char *words_of_st(int st);
const char *words_of_cn(int cn);
const char *words_of_qn_rtn(int code);
const char *words_of_exe_rtn(int code);
const char *words_of_quality(enum quality quality);

#endif
