/* SPDX-License-Identifier: MIT */
/*
 * SSL_read for the whole program, paho included: the dynamic linker finds the program's own before
 * that of OpenSSL. paho 1.3.12 that got no memory for a packet hands on NULL (SSLSocket.c, line
 * 889), which a plain socket refuses and OpenSSL writes to.
 */
#include <openssl/ssl.h>

int SSL_read(SSL *ssl, void *buf, int num)
{
	size_t n = 0;
	if (!buf || num < 0)
		return -1;
	if (SSL_read_ex(ssl, buf, (size_t)num, &n) == 1)
		return (int)n;
	return SSL_get_error(ssl, 0) == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}
