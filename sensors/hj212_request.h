/* SPDX-License-Identifier: MIT */
/*
 * HJ 212: what a platform asks of a station (9.2 and annex C of 2017; 2025 by secondary sources)
 * and the segments that answer it. Pure.
 *
 * Little is done for a platform, as its password stands in clear in every frame: it may ask for the
 * time, for data and for the intervals of data, set these, and bring a new key if it had the old
 * one. What would set a clock, a password or an instrument is refused, and nothing reaches a level
 * or a plan.
 */
#ifndef SENSORS_HJ212_REQUEST_H
#define SENSORS_HJ212_REQUEST_H

#include "hj212_frame.h"
#include "hj212_segment.h"

/* QnRtn of 9011: 2017 table 10. 0: no 9011 is due. */
enum hj212_qn_rtn {
	HJ212_READY = 1,
	HJ212_DECLINED = 2,
	HJ212_WRONG_PW = 3,
	HJ212_WRONG_MN = 4,
	HJ212_WRONG_ST = 5,
	HJ212_WRONG_FLAG = 6,
	HJ212_WRONG_QN = 7,
	HJ212_WRONG_CN = 8,
	HJ212_WRONG_CRC = 9,
};

/* ExeRtn of 9012: 2017 table 11. */
enum hj212_exe_rtn {
	HJ212_DONE = 1,
	HJ212_FAILED = 2,
	HJ212_CONDITION = 3, /* a condition of it is wrong */
	HJ212_TOO_LATE = 4,
	HJ212_BUSY = 5,
	HJ212_BROKEN = 6,
	HJ212_NO_DATA = 100,
};

enum hj212_ask {
	HJ212_ASK_NOTHING,   /* not to be answered: no request, or too damaged to be one */
	HJ212_ASK_TIME,      /* 1011; that of an instrument (PolId) is declined */
	HJ212_ASK_INTERVAL,  /* 1061, 1063 */
	HJ212_SET_INTERVAL,  /* 1062, 1064 */
	HJ212_ASK_REALTIME,  /* 2011: ready where they are sent anyway */
	HJ212_ASK_HISTORY,   /* 2051, 2061, 2031 */
	HJ212_NEW_KEY,       /* 1014, edition 2025 alone */
	HJ212_NOTICE,        /* 2012, 2022: told by 9013 that it came; nothing stops */
	HJ212_ASK_OTHER,     /* any other request: it is not done, `qn_rtn` says why */
	HJ212_NOTICE_ANSWER, /* 9013; of it and of 9014 cn and qn are read, and nothing is judged */
	HJ212_DATA_ANSWER,   /* 9014 */
};

/* What a request may span, from BeginTime to EndTime. */
#define HJ212_MINUTES_SPAN_MS (7 * 86400000LL)
#define HJ212_HOURS_SPAN_MS (366 * 86400000LL)
#define HJ212_DAYS_SPAN_MS (3660 * 86400000LL)

/* Table 9 of 2017: the interval of real-time data, s. */
#define HJ212_REALTIME_MIN_S 30
#define HJ212_REALTIME_MAX_S 3600

#define HJ212_QN_DIGITS 17

/* The station as one platform knows it. */
struct hj212_self {
	const char *pw, *mn; /* never NULL */
	int st;
	enum hj212_edition edition; /* of what is written; any that is known is read */
	int minutes;                /* of its minute data: hj212_minutes_are() */
	bool realtime;              /* it sends 2011 */
	const char *key_field;      /* of CP in 1014, "NewSK"; NULL: it takes no key */
};

struct hj212_request {
	enum hj212_ask ask;
	int cn;
	enum hj212_qn_rtn qn_rtn; /* what is not HJ212_READY is not to be done */
	bool known;               /* PW and MN are right: an answer may say PW */
	bool answer;              /* 9011 and 9012 are wanted; data that were asked for go anyway */
	char qn[HJ212_QN_DIGITS + 1]; /* "": it has none that is right */
	/* HJ212_ASK_HISTORY: the periods that START from BeginTime to EndTime, both included, as
	 * hazewatch names them, by their END, ms UTC; first > last: there is none. Those not over
	 * yet are left out. */
	int64_t first_end_ms, last_end_ms;
	int64_t period_ms;
	int interval; /* HJ212_SET_INTERVAL: s of 1062, minutes of 1064 */
	/* HJ212_NEW_KEY: the value as it stands in the segment, 16 or 32 bytes, and when it was
	 * made. */
	struct hj212_text key;
	int64_t key_created_ms;
};

/* Whether minute data may be of so many minutes: 2017 table 9. */
bool hj212_minutes_are(int64_t minutes);

/* How a frame was taken. */
struct hj212_arrival {
	unsigned faults; /* enum hj212_fault; of a frame with any nothing is done */
	bool enciphered;
	int64_t now_ms; /* no period that ends later is asked for; 1014's key is not younger */
};

/* Reads what one segment asks for. */
void hj212_request_read(const struct hj212_segment *segment, const struct hj212_self *self,
			const struct hj212_arrival *arrival, struct hj212_request *ret);

enum hj212_answer {
	HJ212_ANSWER_RECEIPT,  /* 9011: QnRtn */
	HJ212_ANSWER_RESULT,   /* 9012: ExeRtn, in `value` */
	HJ212_ANSWER_NOTICE,   /* 9013 */
	HJ212_ANSWER_TIME,     /* the data of 1011: `value` ms UTC */
	HJ212_ANSWER_INTERVAL, /* the data of 1061 and 1063: `value` s or minutes */
};

/* The segment of an answer, with the QN of the request; returns its bytes. The data of
 * HJ212_ASK_HISTORY are messages of hj212_part.h. PW is in it only if the request is `known`. */
size_t hj212_answer_write(const struct hj212_self *self, const struct hj212_request *request,
			  enum hj212_answer what, int64_t value, uint8_t ret[HJ212_SEGMENT_MAX]);

#endif
