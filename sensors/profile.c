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
