/* SPDX-License-Identifier: MIT */
#include "profile.h"

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
	}
	return 1;
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
