package io.sluice.schema.security;

import org.jspecify.annotations.Nullable;

/**
 * What one side of a connection shows, and whom it believes.
 *
 * @param certificate the chain, one's own first; null: nothing is shown
 * @param key of it; null if there is no certificate
 * @param authorities who certify the other side; null: those that the JDK knows
 */
public record TlsFiles(
    @Nullable TlsFile certificate, @Nullable TlsFile key, @Nullable TlsFile authorities) {}
