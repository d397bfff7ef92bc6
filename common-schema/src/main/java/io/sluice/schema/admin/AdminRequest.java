package io.sluice.schema.admin;

import org.jspecify.annotations.Nullable;

/**
 * What is asked of a page; a body is read and thrown away.
 *
 * @param method of HTTP, as in {@code GET}
 * @param path as it was sent, percent-encoded
 * @param query the same, perhaps wrongly; null if there is none
 * @param authorization the header of that name; null if there is none
 * @param ifNoneMatch the same
 */
public record AdminRequest(
    String method,
    String path,
    @Nullable String query,
    @Nullable String authorization,
    @Nullable String ifNoneMatch) {}
