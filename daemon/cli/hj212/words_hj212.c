/* SPDX-License-Identifier: MIT */
#include "words_hj212.h"

#include "words.h"

struct number_words {
	int number;
	const char *words;
};

static const char *find_words(const struct number_words *table, int number)
{
	for (; table->words; table++) {
		if (table->number == number)
			return tr(table->words);
	}
	return "";
}

const char *words_of_st(int st)
{
	static const struct number_words table[] = {
		{21, TR_LATER("surface water")},
		{22, TR_LATER("air quality monitoring")},
		{23, TR_LATER("noise of an area")},
		{27, TR_LATER("volatile organic compounds")},
		{31, TR_LATER("source of air pollution")},
		{32, TR_LATER("source of surface water pollution")},
		{39, TR_LATER("dust of a building site")},
		{44, TR_LATER("use of electricity")},
		{45, TR_LATER("process conditions")},
		{51, TR_LATER("process of a gas source")},
		{52, TR_LATER("process of a water source")},
		{91, TR_LATER("talk between the systems")},
		{0},
	};
	return find_words(table, st);
}

const char *words_of_cn(int cn)
{
	static const struct number_words table[] = {
		{1000, TR_LATER("set time-out and number of retries")},
		{1001, TR_LATER("serial number of the hardware")},
		{1002, TR_LATER("set the MN")},
		{1011, TR_LATER("time of the station")},
		{1012, TR_LATER("set the time of the station")},
		{1013, TR_LATER("the station asks for the time")},
		{1014, TR_LATER("new key")},
		{1061, TR_LATER("interval of real-time data")},
		{1062, TR_LATER("set the interval of real-time data")},
		{1063, TR_LATER("interval of minute data")},
		{1064, TR_LATER("set the interval of minute data")},
		{1072, TR_LATER("set the password")},
		{2011, TR_LATER("real-time data")},
		{2012, TR_LATER("stop real-time data")},
		{2013, TR_LATER("raw data")},
		{2021, TR_LATER("state of the treatment plant")},
		{2022, TR_LATER("stop the state of the treatment plant")},
		{2031, TR_LATER("data of a day")},
		{2051, TR_LATER("data of minutes")},
		{2061, TR_LATER("data of an hour")},
		{2062, TR_LATER("check data")},
		{2081, TR_LATER("time of a restart")},
		{3019, TR_LATER("identity of the device")},
		{3020, TR_LATER("information of the device")},
		{9011, TR_LATER("answer to a request")},
		{9012, TR_LATER("result of a request")},
		{9013, TR_LATER("answer to a notice")},
		{9014, TR_LATER("answer to data")},
		{9015, TR_LATER("heartbeat")},
		{0},
	};
	if (cn >= 3011 && cn <= 3024 && cn != 3019 && cn != 3020)
		return tr("control of an instrument");
	return find_words(table, cn);
}

const char *words_of_qn_rtn(int code)
{
	static const struct number_words table[] = {
		{1, TR_LATER("it will be done")},
		{2, TR_LATER("the request is refused")},
		{3, TR_LATER("wrong PW")},
		{4, TR_LATER("wrong MN")},
		{5, TR_LATER("wrong ST")},
		{6, TR_LATER("wrong Flag")},
		{7, TR_LATER("wrong QN")},
		{8, TR_LATER("wrong CN")},
		{9, TR_LATER("wrong CRC")},
		{100, TR_LATER("an unknown error")},
		{0},
	};
	return find_words(table, code);
}

const char *words_of_exe_rtn(int code)
{
	static const struct number_words table[] = {
		{1, TR_LATER("it is done")},
		{2, TR_LATER("it failed, the reason is not known")},
		{3, TR_LATER("it failed: a condition is wrong")},
		{4, TR_LATER("it failed: no answer in time")},
		{5, TR_LATER("it failed: the system is busy")},
		{6, TR_LATER("it failed: the system has a fault")},
		{100, TR_LATER("there are no data")},
		{0},
	};
	return find_words(table, code);
}

const char *words_of_quality(enum quality quality)
{
	static const struct number_words table[] = {
		{QUALITY_NORMAL, TR_LATER("valid")},
		{QUALITY_OUT_OF_SERVICE, TR_LATER("out of service")},
		{QUALITY_MAINTENANCE, TR_LATER("maintenance")},
		{QUALITY_MANUAL, TR_LATER("entered by hand")},
		{QUALITY_FAULT, TR_LATER("fault")},
		{QUALITY_CALIBRATION, TR_LATER("calibration")},
		{QUALITY_OVER_RANGE, TR_LATER("over range")},
		{QUALITY_NO_COMMUNICATION, TR_LATER("communication failure")},
		{0},
	};
	return find_words(table, (int)quality);
}
