package io.sluice.schema.security;

/**
 * How much one tenant may send, to each Acceptor.
 *
 * @param recordsPerSecond 0: as much as there is room for
 * @param bytesPerSecond of requests, decompressed; 0: the same
 */
public record TenantLimits(long recordsPerSecond, long bytesPerSecond) {

  public static final TenantLimits NONE = new TenantLimits(0, 0);
}
