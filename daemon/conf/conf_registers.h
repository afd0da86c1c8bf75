/* SPDX-License-Identifier: MIT */
/*
 * What all registers of a profile have in common: type, order of the bytes, numbers that they can
 * hold, alone or from one to another.
 */
#ifndef DAEMON_CONF_CONF_REGISTERS_H
#define DAEMON_CONF_CONF_REGISTERS_H

#include "profile.h"
#include "yaml.h"

#define REGISTER_TOP 65535

extern const struct yaml_name conf_type_names[];  /* all */
extern const struct yaml_name conf_whole_names[]; /* u16, s16, u32, s32 */
extern const struct yaml_name conf_order_names[];

/* The numbers that a register of the type can hold. */
struct bounds conf_reach(enum register_type type);

/* Problems of a mapping with the keys address, type and order. */
void conf_check_place(struct yaml_file *file, yaml_node map, const struct profile_place *place);

/* Problems of a slice, first and last bit, of a type. */
void conf_check_bits(struct yaml_file *file, yaml_node node, enum register_type type,
		     const int32_t bits[2]);

/* A number, or a list of two, from and to; `number` says what one is, of YAML_TYPE_DECIMAL or
 * _WHOLE, its offset aside. */
void conf_read_bounds(struct yaml_file *file, yaml_node node, const struct yaml_key *number,
		      struct bounds *ret);

/* Manuals count holding registers from 40001 and input registers from 30001; requests from 0. */
void conf_warn_of_counted(struct yaml_file *file, yaml_node map, int function, int address);

#endif
