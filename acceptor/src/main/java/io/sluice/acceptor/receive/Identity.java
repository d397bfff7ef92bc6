package io.sluice.acceptor.receive;

import io.sluice.acceptor.decode.Decoded;
import io.sluice.schema.service.Settings;
import io.sluice.schema.wire.BatchId;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * By what a batch is known when it comes again: by the request's bytes, so that a client's own
 * repeat meets its first; or by those and a salt that is drawn for each received request, so that
 * only what the Acceptor itself sends again does.
 *
 * @param unsuppressed tenants whose repeats are stored again, whatever identifies itself in them
 */
public record Identity(Set<String> unsuppressed) {

  private static final Pattern TENANTS = Pattern.compile("|[a-z0-9_]{1,63}(,[a-z0-9_]{1,63})*");

  /** Reads it; problems stay in the settings. */
  public static Identity from(Settings settings) {
    return new Identity(
        settings.get(
            "dedup.off-tenants",
            "",
            "none",
            Identity::tenants,
            "tenants, by commas, whose clients' repeats are stored again; retries of ours are not"));
  }

  private static Set<String> tenants(String text) {
    if (!TENANTS.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "cannot read tenants: '%s' (ids of [a-z0-9_]; by commas)".formatted(text));
    }
    return Arrays.stream(text.split(",", -1))
        .filter(tenant -> !tenant.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The id of a part.
   *
   * @param body the hash of the request's bytes
   * @param salt of this request
   */
  BatchId of(String tenant, Decoded.Part part, BatchId.Encoding format, BatchId body, UUID salt) {
    BatchId id = BatchId.of(tenant, part.table(), format, part.part(), body);
    boolean known = part.selfIdentifying() && !unsuppressed.contains(tenant);
    return known ? id : id.salted(salt);
  }
}
