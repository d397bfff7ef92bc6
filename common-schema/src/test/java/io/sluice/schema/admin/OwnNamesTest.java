package io.sluice.schema.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.BindAddress;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OwnNamesTest {

  private static final BindAddress LOOPBACK = BindAddress.parse("127.0.0.1");
  private static final String ELSEWHERE = "rebound.example.com";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:4320",
        "localhost.",
        "localhost.localdomain:80",
        "sluice.localhost",
        "127.0.0.1:4320",
        "10.1.2.3",
        "[::1]:4320",
        "[fe80::1]",
        "sluice-writer:4320",
        "",
      })
  void namesThatNobodyCanBuyAndAddressesAreItsOwn(String host) {
    assertThat(OwnNames.of(LOOPBACK, true, true).has(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ELSEWHERE,
        "REBOUND.example.com.:4320",
        "localhost.example.com",
        "127.0.0.1.example.com:4320",
        "127.0.0.1.nip.io",
        "evil.localdomain",
      })
  void othersAreNot(String host) {
    assertThat(OwnNames.of(LOOPBACK, true, true).has(host)).isFalse();
  }

  @Test
  void theBoundNameIsAndWithoutAHeaderThereIsNoBrowser() throws Exception {
    BindAddress named =
        new BindAddress("Box.example.com, ::1", List.of(InetAddress.getLoopbackAddress()));
    assertThat(OwnNames.of(named, true, true).has("box.example.com:4320")).isTrue();
    assertThat(OwnNames.of(named, true, true).has(ELSEWHERE)).isFalse();
    assertThat(OwnNames.of(named, true, true).has(null)).isTrue();
  }

  @Test
  void whereTokensAreAskedForOrTlsIsSpokenOrOthersReachItAnyNameDoes() {
    assertThat(OwnNames.of(LOOPBACK, false, true).has(ELSEWHERE)).isTrue();
    assertThat(OwnNames.of(LOOPBACK, true, false).has(ELSEWHERE)).isTrue();
    assertThat(OwnNames.of(BindAddress.parse("*"), true, true).has(ELSEWHERE)).isTrue();
  }
}
