/* SPDX-License-Identifier: MIT */
#include "profile.h"

#include <string.h>

const char *profile_row_key(const struct profile_row *row)
{
	return row->auxiliary != AUXILIARY_NONE ? auxiliary_info(row->auxiliary)->key
						: pollutant_info(row->pollutant)->key;
}

const char *profile_row_unit(const struct profile_row *row)
{
	return row->auxiliary != AUXILIARY_NONE ? auxiliary_info(row->auxiliary)->unit
						: pollutant_info(row->pollutant)->unit;
}

int register_count(enum register_type type)
{
	switch (type) {
	case TYPE_U16:
	case TYPE_S16:
		return 1;
	case TYPE_U32:
	case TYPE_S32:
	case TYPE_F32:
		return 2;
	case TYPE_U64:
	case TYPE_S64:
	case TYPE_F64:
		return 4;
	}
	return 1;
}

bool register_is_float(enum register_type type)
{
	return type == TYPE_F32 || type == TYPE_F64;
}

const char *register_type_name(enum register_type type)
{
	static const char *const names[REGISTER_TYPE_COUNT] = {
		[TYPE_U16] = "u16", [TYPE_S16] = "s16", [TYPE_U32] = "u32", [TYPE_S32] = "s32",
		[TYPE_F32] = "f32", [TYPE_U64] = "u64", [TYPE_S64] = "s64", [TYPE_F64] = "f64",
	};
	return names[type];
}

int profile_identity_count(const struct profile_identity *identity)
{
	return identity->text ? (int)(strlen(identity->text) + 1) / 2
			      : register_count(identity->at.type);
}

int32_t profile_check_min(const struct profile *profile)
{
	return profile->identity.present ? profile->identity.every_min : PROFILE_CHECK_MIN;
}

const char *byte_order_name(enum byte_order order)
{
	switch (order) {
	case ORDER_ABCD:
		return "abcd";
	case ORDER_CDAB:
		return "cdab";
	case ORDER_BADC:
		return "badc";
	case ORDER_DCBA:
		return "dcba";
	}
	return "?";
}
