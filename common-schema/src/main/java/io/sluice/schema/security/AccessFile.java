package io.sluice.schema.security;

import io.sluice.schema.service.ByteSize;
import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.FileFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The file that says whose tokens may do what. Nothing that is said of it, or thrown, holds a
 * token.
 *
 * <pre>
 * tokens:
 *   - name: collector            # said in logs, and once only in the file
 *     token: 4f0c...             # at least 16 characters; or
 *     sha256: 9f86...            # of the token, 64 hex digits
 *     tenant: shop               # one tenant, or "*": all, named by X-Scope-OrgID
 *     scopes: [write, read]      # write, read, admin
 * tenants:                       # may be left out
 *   shop: {records-per-second: 5000, bytes-per-second: 5MiB}
 * </pre>
 */
final class AccessFile {

  static final String SETTING = "access.file";

  private static final String RECORDS = "records-per-second";
  private static final String BYTES = "bytes-per-second";
  private static final int LEAST_CHARACTERS = 16;
  private static final Set<String> KEYS = Set.of("name", "token", "sha256", "tenant", "scopes");

  private final Path file;
  private final Map<TokenHash, Caller> callers = new HashMap<>();
  private final Map<String, TenantLimits> limits = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private boolean secret;

  private AccessFile(Path file) {
    this.file = file;
  }

  /** What is in the file, by the hashes of the tokens. */
  record Content(Map<TokenHash, Caller> callers, Map<String, TenantLimits> limits, boolean secret) {

    /** All that are named. */
    Set<String> tenants() {
      Set<String> all = new HashSet<>(limits.keySet());
      callers.values().stream().map(Caller::tenant).filter(Objects::nonNull).forEach(all::add);
      return Set.copyOf(all);
    }
  }

  static FileLook look(Path file) throws CannotStartException {
    try {
      return FileLook.at(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CannotStartException(
          "cannot read %s: %s: %s".formatted(SETTING, file, FileFailure.reason(e)), e);
    }
  }

  /**
   * @throws CannotStartException it is not as above, and where
   */
  static Content parse(Path file, String text) throws CannotStartException {
    AccessFile parsed = new AccessFile(file);
    Object all;
    try {
      all = new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromString(text);
    } catch (YamlEngineException e) {
      // its message quotes lines, which may hold tokens
      throw parsed.unusable("it is no YAML");
    }
    if (!(all instanceof Map<?, ?> map)
        || !Set.of("tokens", "tenants").containsAll(map.keySet())
        || !(map.get("tokens") instanceof List<?> tokens)) {
      throw parsed.unusable("it is not a list of tokens (tokens: [...])");
    }
    if (map.containsKey("tenants")) {
      parsed.limits(map.get("tenants"));
    }
    for (int i = 0; i < tokens.size(); i++) {
      parsed.add(i + 1, tokens.get(i));
    }
    return new Content(Map.copyOf(parsed.callers), Map.copyOf(parsed.limits), parsed.secret);
  }

  /** Not what may be a token in the wrong place. */
  private static String shown(String key) {
    return key.length() < LEAST_CHARACTERS && key.matches("[A-Za-z0-9_-]+") ? " '" + key + "'" : "";
  }

  private void add(int number, @Nullable Object entry) throws CannotStartException {
    if (!(entry instanceof Map<?, ?> token)) {
      throw unusable("token %d is no map".formatted(number));
    }
    for (Object key : token.keySet()) {
      if (!KEYS.contains(String.valueOf(key))) {
        throw unusable(
            "token %d has an unknown key%s (name, token or sha256, tenant, scopes)"
                .formatted(number, shown(String.valueOf(key))));
      }
    }
    String name = string(number, token, "name");
    if (!name.matches("[A-Za-z0-9_.-]{1,63}") || !names.add(name)) {
      throw unusable(
          "the name of token %d is not one of its own, of letters, digits, _ . -"
              .formatted(number));
    }
    TokenHash hash = hash(name, number, token);
    String tenant = string(number, token, "tenant");
    if (!tenant.equals("*") && !TenantId.is(tenant)) {
      throw unusable(
          "the tenant of token %s is neither * nor of the form %s".formatted(name, TenantId.FORM));
    }
    Caller caller =
        new Caller(name, tenant.equals("*") ? null : tenant, scopes(name, token), false);
    if (callers.put(hash, caller) != null) {
      throw unusable("token %s is there twice".formatted(name));
    }
  }

  private void limits(@Nullable Object tenants) throws CannotStartException {
    if (!(tenants instanceof Map<?, ?> map)) {
      throw unusable("tenants is no map of tenants to their limits");
    }
    for (Map.Entry<?, ?> each : map.entrySet()) {
      if (!(each.getKey() instanceof String id)
          || !TenantId.is(id)
          || !(each.getValue() instanceof Map<?, ?> of)
          || !Set.of(RECORDS, BYTES).containsAll(of.keySet())) {
        throw unusable("tenants is no map of tenants to %s and %s".formatted(RECORDS, BYTES));
      }
      limits.put(id, new TenantLimits(number(id, of.get(RECORDS)), number(id, of.get(BYTES))));
    }
  }

  /** Of records, or of bytes as sizes are written. */
  private long number(String tenant, @Nullable Object value) throws CannotStartException {
    try {
      long number = value == null ? 0 : ByteSize.parse(value.toString()).bytes();
      if (number >= 0) {
        return number;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw unusable("a limit of tenant %s is no number of at least 0".formatted(tenant));
  }

  private TokenHash hash(String name, int number, Map<?, ?> token) throws CannotStartException {
    if (token.containsKey("token") == token.containsKey("sha256")) {
      throw unusable("token %s has not one of token and sha256".formatted(name));
    }
    if (token.containsKey("token")) {
      secret = true;
      String text = string(number, token, "token");
      if (text.length() < LEAST_CHARACTERS || !text.matches("[!-~]+")) {
        throw unusable(
            "token %s is not of at least %d printable ASCII characters without spaces (make one: openssl rand -hex 32)"
                .formatted(name, LEAST_CHARACTERS));
      }
      return TokenHash.of(text);
    }
    String hex = string(number, token, "sha256");
    if (!hex.matches("[0-9a-fA-F]{64}")) {
      throw unusable("the sha256 of token %s is not 64 hex digits".formatted(name));
    }
    return new TokenHash(HexFormat.of().parseHex(hex));
  }

  private Set<Scope> scopes(String name, Map<?, ?> token) throws CannotStartException {
    List<String> texts = new ArrayList<>();
    if (token.get("scopes") instanceof List<?> list) {
      list.forEach(scope -> texts.add(String.valueOf(scope)));
    }
    EnumSet<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (Scope scope : Scope.values()) {
      if (texts.remove(scope.label())) {
        scopes.add(scope);
      }
    }
    if (scopes.isEmpty() || !texts.isEmpty()) {
      throw unusable("the scopes of token %s are not a list of write, read, admin".formatted(name));
    }
    return scopes;
  }

  private String string(int number, Map<?, ?> token, String key) throws CannotStartException {
    if (token.get(key) instanceof String text) {
      return text;
    }
    throw unusable("token %d has no %s that is text".formatted(number, key));
  }

  private CannotStartException unusable(String why) {
    return new CannotStartException("cannot use %s: %s: %s".formatted(SETTING, file, why), null);
  }
}
