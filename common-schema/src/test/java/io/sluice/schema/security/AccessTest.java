package io.sluice.schema.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.security.DeniedException.Why;
import io.sluice.schema.service.CannotStartException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessTest {

  private static final String SERVICE = "token-of-the-services";
  private static final String SHOP = "token-of-the-shop";
  private static final String ANY = "token-of-a-gateway";

  @TempDir private Path directory;

  private Access access(String tokens) throws Exception {
    Path file = Files.writeString(directory.resolve("access.yaml"), "tokens:\n" + tokens);
    return Access.of(file, SERVICE);
  }

  private Access access() throws Exception {
    return access(
        """
          - {name: shop, token: %s, tenant: shop, scopes: [write, read]}
          - {name: gateway, token: %s, tenant: "*", scopes: [write]}
        """
            .formatted(SHOP, ANY));
  }

  private static String basic(String both) {
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aCallerIsKnownByItsTokenHoweverItIsShown() throws Exception {
    Access access = access();
    for (String shown :
        new String[] {
          "Bearer " + SHOP, "bearer  " + SHOP + " ", basic("any:" + SHOP), basic(":" + SHOP)
        }) {
      assertThat(access.caller(shown).name()).as(shown).isEqualTo("shop");
    }
    assertThat(access.caller("Bearer " + SERVICE).service()).isTrue();
    assertThat(access.caller("Bearer " + SHOP).service()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "token-of-the-shop",
        "Bearer",
        "Bearer ",
        "Bearer token-of-the-sho",
        "Bearer token-of-the-shop2",
        "Bearer TOKEN-OF-THE-SHOP",
        "Basic !",
        "Basic dG9rZW4tb2YtdGhlLXNob3A=",
        "Digest token-of-the-shop"
      })
  void nobodyElseIs(String shown) throws Exception {
    Access access = access();
    assertThatThrownBy(() -> access.caller(shown))
        .isInstanceOfSatisfying(
            DeniedException.class, e -> assertThat(e.why()).isEqualTo(Why.UNKNOWN_CALLER))
        .hasMessageNotContaining("token-of-the-shop");
    assertThatThrownBy(() -> access.caller(null)).isInstanceOf(DeniedException.class);
  }

  @Test
  void aTokenOfOneTenantWritesThatOneOnly() throws Exception {
    Access access = access();
    Caller shop = access.caller("Bearer " + SHOP);
    assertThat(access.writes(shop, null)).isEqualTo("shop");
    assertThat(access.writes(shop, "shop")).isEqualTo("shop");
    assertThatThrownBy(() -> access.writes(shop, "other"))
        .isInstanceOfSatisfying(
            DeniedException.class, e -> assertThat(e.why()).isEqualTo(Why.NOT_ALLOWED));
  }

  @Test
  void aTokenOfAllTenantsWritesWhichIsNamed() throws Exception {
    Access access = access();
    Caller gateway = access.caller("Bearer " + ANY);
    assertThat(access.writes(gateway, null)).isEqualTo("default");
    assertThat(access.writes(gateway, "other")).isEqualTo("other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../x", "Shop", "a b", "shop,other", "a/b", "\u00e4", "shop\n"})
  void whatIsNoTenantsIdIsRefused(String id) throws Exception {
    Access access = access();
    Caller gateway = access.caller("Bearer " + ANY);
    assertThatThrownBy(() -> access.writes(gateway, id)).isInstanceOf(DeniedException.class);
    assertThat(TenantId.is("a".repeat(63))).isTrue();
    assertThat(TenantId.is("a".repeat(64))).isFalse();
  }

  @Test
  void whereNoTokensAreAskedForTheHeaderIsOnlyLookedAtIfThatIsSaid() throws Exception {
    assertThat(Access.open(false).writes(Caller.ANYBODY, "other")).isEqualTo("default");
    assertThat(Access.open(true).writes(Caller.ANYBODY, "other")).isEqualTo("other");
    assertThat(Access.open(true).writes(Caller.ANYBODY, null)).isEqualTo("default");
    assertThat(Access.open(true).caller("Bearer whatever")).isEqualTo(Caller.ANYBODY);
  }

  @Test
  void aHashStandsForItsToken() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    String computed =
        HexFormat.of().formatHex(digest.digest(SHOP.getBytes(StandardCharsets.UTF_8)));
    Access access =
        access("  - {name: a, sha256: %s, tenant: shop, scopes: [read]}".formatted(computed));
    assertThat(access.caller("Bearer " + SHOP).scopes()).containsExactly(Scope.READ);
  }

  @Test
  void aNewFileHoldsOnceTwoLooksFindItAndABrokenOneChangesNothing() throws Exception {
    Access access = access();
    Path file = directory.resolve("access.yaml");
    Files.writeString(file, "tokens: [{name: x, token: " + ANY);
    assertThat(access.refresh()).isFalse();
    assertThatThrownBy(access::refresh)
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("access.file")
        .hasMessageNotContaining(ANY);
    assertThat(access.caller("Bearer " + SHOP).name()).isEqualTo("shop");
    Files.writeString(
        file, "tokens: [{name: x, token: " + ANY + ", tenant: shop, scopes: [read]}]");
    assertThat(access.refresh()).isFalse();
    assertThat(access.refresh()).isTrue();
    assertThat(access.refresh()).isFalse();
    assertThatThrownBy(() -> access.caller("Bearer " + SHOP)).isInstanceOf(DeniedException.class);
    assertThat(access.caller("Bearer " + ANY).tenant()).isEqualTo("shop");
  }

  /** Cut behind a token it is YAML, and says nothing of the others. */
  @Test
  void aFileThatIsBeingWrittenIsNotTakenAsFarAsItIs() throws Exception {
    Access access = access();
    Path file = directory.resolve("access.yaml");
    String whole = Files.readString(file);
    String cut = whole.substring(0, whole.indexOf("  - {name: gateway"));
    Files.writeString(file, cut);
    assertThat(access.refresh()).isFalse();
    assertThat(access.caller("Bearer " + ANY).name()).isEqualTo("gateway");
    Files.writeString(file, cut + "  # more\n"); // still at it
    assertThat(access.refresh()).isFalse();
    assertThat(access.caller("Bearer " + ANY).name()).isEqualTo("gateway");
    Files.writeString(file, whole);
    assertThat(access.refresh()).isFalse();
    assertThat(access.refresh()).isFalse();
    assertThat(access.caller("Bearer " + ANY).name()).isEqualTo("gateway");
  }

  @Test
  void aFileThatWasWrittenAgainIsLookedAtOnceMoreThoughItSaysTheSame() throws Exception {
    Access access = access();
    Path file = directory.resolve("access.yaml");
    String whole = Files.readString(file);
    String cut = whole.substring(0, whole.indexOf("  - {name: gateway"));
    Files.writeString(file, cut);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
    assertThat(access.refresh()).isFalse();
    Files.setLastModifiedTime(file, FileTime.fromMillis(2_000));
    assertThat(access.refresh()).isFalse();
    assertThat(access.refresh()).isTrue();
    assertThatThrownBy(() -> access.caller("Bearer " + ANY)).isInstanceOf(DeniedException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tokens: 1 | it is not a list of tokens",
        "token: [] | it is not a list of tokens",
        "tokens: [secret-secret-secret] | token 1 is no map",
        "tokens: [{name: a, token: secret-secret-secret, tenant: t, scope: [read]}] | unknown key 'scope'",
        "tokens: [{name: a, secret-secret-16: t, tenant: t, scopes: [read]}] | unknown key (name,",
        "tokens: [{token: secret-secret-secret, tenant: t, scopes: [read]}] | token 1 has no name",
        "tokens: [{name: a, tenant: t, scopes: [read]}] | has not one of token and sha256",
        "tokens: [{name: a, token: secret-secret-secret, sha256: x, tenant: t, scopes: [read]}] | has not one of",
        "tokens: [{name: a, token: secret, tenant: t, scopes: [read]}] | at least 16",
        "tokens: [{name: a, token: 'secret secret secret', tenant: t, scopes: [read]}] | without spaces",
        "tokens: [{name: a, sha256: secret-secret-secret, tenant: t, scopes: [read]}] | not 64 hex digits",
        "tokens: [{name: a, token: secret-secret-secret, tenant: T, scopes: [read]}] | the tenant of token a",
        "tokens: [{name: a, token: secret-secret-secret, tenant: t, scopes: [all]}] | the scopes of token a",
        "tokens: [{name: a, token: secret-secret-secret, tenant: t, scopes: []}] | the scopes of token a",
        "tokens: [{name: a, token: secret-secret-secret, tenant: t, scopes: read}] | the scopes of token a",
        "tokens: [{name: a b, token: secret-secret-secret, tenant: t, scopes: [read]}] | the name of token 1",
        "tokens: {a: secret-secret-secret | it is no YAML"
      })
  void whatIsWrongWithAFileIsSaidWithoutATokenInIt(String text, String sentence) throws Exception {
    Path file = Files.writeString(directory.resolve("access.yaml"), text);
    assertThatThrownBy(() -> Access.of(file, SERVICE))
        .isInstanceOf(CannotStartException.class)
        .hasMessageStartingWith("cannot use access.file: " + file)
        .hasMessageContaining(sentence)
        .hasMessageNotContaining("secret-secret")
        .hasMessageNotContaining("secret secret")
        .hasNoCause();
  }

  @Test
  void aTokenIsOneCallers() {
    assertThatThrownBy(
            () ->
                access(
                    """
                      - {name: a, token: secret-secret-secret, tenant: t, scopes: [read]}
                      - {name: b, token: secret-secret-secret, tenant: u, scopes: [read]}
                    """))
        .hasMessageContaining("token b is there twice")
        .hasMessageNotContaining("secret");
  }
}
