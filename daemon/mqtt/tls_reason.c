/* SPDX-License-Identifier: MIT */
#include "tls_reason.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>

static const char *last_reason(void)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());
	return reason ? reason : "no reason given";
}

/* NULL, or the file that cannot be used. */
static const char *load_certificates(SSL_CTX *ctx, const struct tls_reason_files *files)
{
	if (SSL_CTX_load_verify_locations(ctx, files->ca, NULL) != 1)
		return files->ca;
	if (files->cert && SSL_CTX_use_certificate_chain_file(ctx, files->cert) != 1)
		return files->cert;
	if (files->key && SSL_CTX_use_PrivateKey_file(ctx, files->key, SSL_FILETYPE_PEM) != 1)
		return files->key;
	return NULL;
}

/* With TLS 1.3 the broker's verdict on our certificate comes after the handshake. */
static void shake_hands(SSL *ssl, char *ret, size_t size)
{
	char byte;
	ERR_clear_error();
	int done = SSL_connect(ssl);
	long verified = SSL_get_verify_result(ssl);
	if (done != 1 && verified != X509_V_OK)
		snprintf(ret, size, "the broker's certificate: %s",
			 X509_verify_cert_error_string(verified));
	else if (done != 1 && ERR_peek_last_error() != 0)
		snprintf(ret, size, "TLS handshake: %s", last_reason());
	else if (done == 1 && SSL_read(ssl, &byte, 1) <= 0 && ERR_peek_last_error() != 0)
		snprintf(ret, size, "the broker refuses: %s", last_reason());
}

static void find_reason(SSL_CTX *ctx, int fd, const char *host, char *ret, size_t size)
{
	SSL *ssl = SSL_new(ctx);
	if (!ssl)
		return;
	SSL_set_verify(ssl, SSL_VERIFY_PEER, NULL);
	SSL_set1_host(ssl, host);
	SSL_set_tlsext_host_name(ssl, host);
	SSL_set_fd(ssl, fd);
	shake_hands(ssl, ret, size);
	SSL_free(ssl);
}

void tls_reason_explain(int fd, const char *host, const struct tls_reason_files *files, char *ret,
			size_t size)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	ret[0] = '\0';
	if (!ctx)
		return;
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	ERR_clear_error();
	const char *bad = load_certificates(ctx, files);
	if (bad)
		snprintf(ret, size, "%s: %s", bad, last_reason());
	else
		find_reason(ctx, fd, host, ret, size);
	SSL_CTX_free(ctx);
}
