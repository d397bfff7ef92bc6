/**
 * The status page of each service: what it shows, as records, and what those are made from.
 *
 * <pre>
 * LivePage       serves it, samples, sends a document a second to whoever watches
 * PageDocument   what it shows; PageContent: the part that a service tells
 * History        a number a second of each series, for five minutes
 * Latency        how long something took
 * Recent         the last things that happened, the same ones counted
 * </pre>
 */
package io.sluice.schema.page;
