package io.sluice.lake.rest;

import org.jspecify.annotations.Nullable;

/**
 * What a client asks.
 *
 * @param method of HTTP, as in {@code GET}
 * @param path as it was sent, percent-encoded, from {@code /v1/} on
 * @param query as it was sent, percent-encoded; null if there is none
 * @param ifNoneMatch the header of that name: what the client has; null if it has nothing
 * @param tenants whose tables the caller may read
 */
public record RestRequest(
    String method,
    String path,
    @Nullable String query,
    @Nullable String ifNoneMatch,
    Tenants tenants) {}
