package io.sluice.schema.security;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the identity that was set last. A handshake asks for an alias, then for that alias' chain
 * and key: an alias names one identity for ever, so that a handshake never mixes two; of those that
 * went before only the newest is kept. Any thread.
 */
final class ReloadedKeys extends X509ExtendedKeyManager {

  private record Shown(int number, TlsIdentity identity) {
    String alias() {
      return Integer.toString(number);
    }
  }

  private record Both(Shown now, Shown before) {}

  private volatile Both both;

  ReloadedKeys(TlsIdentity first) {
    Shown shown = new Shown(0, first);
    both = new Both(shown, shown);
  }

  /** By one thread at a time. */
  void set(TlsIdentity next) {
    Shown now = both.now;
    both = new Both(new Shown(now.number + 1, next), now);
  }

  private @Nullable String alias(String keyType) {
    Shown now = both.now;
    return now.identity.key().getAlgorithm().equals(keyType) ? now.alias() : null;
  }

  private @Nullable TlsIdentity of(@Nullable String alias) {
    Both known = both;
    if (known.now.alias().equals(alias)) {
      return known.now.identity;
    }
    return known.before.alias().equals(alias) ? known.before.identity : null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return getServerAliases(keyType, issuers);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    String alias = alias(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    for (String keyType : keyTypes) {
      String alias = alias(keyType);
      if (alias != null) {
        return alias;
      }
    }
    return null;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return chooseClientAlias(keyTypes, issuers, null);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias(keyType);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias(keyType);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    TlsIdentity identity = of(alias);
    return identity == null ? null : identity.chain().toArray(new X509Certificate[0]);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    TlsIdentity identity = of(alias);
    return identity == null ? null : identity.key();
  }
}
