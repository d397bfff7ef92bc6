/**
 * OTLP requests, as bytes, to an endpoint, by gRPC or HTTP; and what the specification makes of
 * each answer. Knows nothing of rows.
 *
 * <pre>
 * Exporter        one connection: GrpcExporter, HttpExporter; answers are Answer
 * Backoff         when to send the same bytes again
 * </pre>
 */
@NullMarked
package io.sluice.query.export;

import org.jspecify.annotations.NullMarked;
