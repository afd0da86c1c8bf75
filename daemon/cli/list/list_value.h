/* SPDX-License-Identifier: MIT */
/*
 * The values of a reduction list: words of closed lists, credit codes, exact amounts. Knows no file
 * and no position.
 */
#ifndef DAEMON_CLI_LIST_LIST_VALUE_H
#define DAEMON_CLI_LIST_LIST_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan.h"

/* The word under which the database keeps a kind, grade or control, by its Chinese or that word;
 * NULL if it is none. An empty grade is ungraded, an empty control normal. */
const char *list_kind(const char *text);
const char *list_grade(const char *text);
const char *list_control(const char *text);

/* The id of an exemption of the plan by its id or its Chinese; NULL if it is none. */
const char *list_exemption(const struct plan *plan, const char *text);

/* How many bytes of a separator of such words (、 ， , ； ; or a blank) a text begins with. */
size_t list_separator(const char *text);

/* The words allowed, for messages. */
#define LIST_KINDS                                                                                               \
	"industry 工业, building 建筑工地, spoil 渣土, land 土地, traffic-works 交通工程, mobile " \
	"移动源"
#define LIST_GRADES "A, B, B-, C, D, 引领性, 非引领性, 未分级"
#define LIST_CONTROLS "正常管控, 自主减排, 保障类, 民生豁免, 小微涉气, 长期停产"

/* True if a source may be without a compulsory measure: grade A or leading, or under a control
 * other than normal. Both as the database keeps them. */
bool list_may_go_on(const char *grade, const char *control);

/* True if a source of grade B to D under normal control has to have measures. */
bool list_has_to_act(const char *grade, const char *control);

/* True for one of the 39 key sectors of the technical guideline of 2020. */
bool list_is_key_sector(const char *text);

/* What is wrong with a unified social credit code (GB 32100-2015); NULL: nothing. */
const char *list_credit_code_wrong(const char *text);

/* True if a text can be an id: 1 to 64 bytes, no blank, none of / + #, not $ at its begin. */
bool list_is_id(const char *text);

/*
 * A decimal without a sign, at most 9 digits before and 18 after the point, is so many units of
 * `grams` grams in so many days (1..366): whole grams a day, rounded half to even once. False if it
 * is no such decimal or above CUTS_GRAMS_MAX.
 */
bool list_amount_gpd(const char *text, int64_t grams, int32_t days, int64_t *ret_gpd);

/* A decimal of 0 to 100 is so many per cent of base_gpd: as above. */
bool list_share_gpd(const char *text, int64_t base_gpd, int64_t *ret_gpd);

/* Grams a day as kilograms, "12.5", or "unsaid". */
#define LIST_KG_SIZE 32
const char *list_show_kg(int64_t gpd, char ret[LIST_KG_SIZE]);

#endif
