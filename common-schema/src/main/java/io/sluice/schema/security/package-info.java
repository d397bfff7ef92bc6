/**
 * Who one is and whom one believes: certificates, as files say now. Knows nothing of rows or calls.
 *
 * <pre>
 * TlsSettings       which files: of the services among each other, and of the OTLP ports
 * TlsFiles          certificate, key and authorities of one kind of port
 * Tls               what is in them now; new files are taken without a restart
 * Reload         looks at them now and then
 * </pre>
 */
package io.sluice.schema.security;
