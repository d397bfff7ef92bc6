package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Security;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NameCacheTest {

  private final @Nullable String ttl = Security.getProperty(NameCache.TTL);
  private final @Nullable String negative = Security.getProperty(NameCache.NEGATIVE_TTL);

  @AfterEach
  void putBack() {
    Security.setProperty(NameCache.TTL, ttl == null ? "" : ttl);
    Security.setProperty(NameCache.NEGATIVE_TTL, negative == null ? "" : negative);
    System.clearProperty(NameCache.TTL);
  }

  @Test
  void jvmAndGrpcAreToldToForgetAddressesAfterASecond() {
    NameCache.keepShortly();

    assertThat(Security.getProperty("networkaddress.cache.ttl")).isEqualTo("1");
    assertThat(Security.getProperty("networkaddress.cache.negative.ttl")).isEqualTo("1");
    assertThat(System.getProperty("networkaddress.cache.ttl")).isEqualTo("1");
  }
}
