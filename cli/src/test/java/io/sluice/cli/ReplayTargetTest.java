package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.query.replay.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReplayTargetTest {

  private static Target target(String to, String protocol) {
    return ReplayTarget.of(to, protocol, List.of(), null, false);
  }

  @Test
  void thePortSaysTheProtocolUnlessItIsSaid() {
    assertThat(target("http://host:4317", null).http()).isFalse();
    assertThat(target("http://host:4318", null).http()).isTrue();
    assertThat(target("https://host:443/otlp/", null).endpoint())
        .hasToString("https://host:443/otlp");
    assertThat(target("https://host:443/otlp/", null).http()).isTrue();
    assertThat(target("http://host:4318", "grpc").http()).isFalse();
    assertThat(target("http://host:4317", "http/protobuf").http()).isTrue();
    assertThat(target("https://host", null).endpoint()).hasToString("https://host:4317");
  }

  @Test
  void whatIsNoEndpointIsOneSentence() {
    for (String wrong :
        List.of(
            "host:4317", "", "ftp://host:1", "http://", "http://a:b@host:1", "http://h:1?x=1")) {
      assertThatThrownBy(() -> target(wrong, null))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("cannot use endpoint: ");
    }
    assertThatThrownBy(() -> target("http://host:4317/path", "grpc"))
        .hasMessageContaining("gRPC has no path");
    assertThatThrownBy(() -> target("http://host:4317", "json"))
        .hasMessage("cannot use protocol: json (grpc or http/protobuf)");
  }

  @Test
  void aHeaderIsANameAndAValueAndASecretIsNotQuoted() {
    assertThat(
            ReplayTarget.of(
                    "http://h:4317",
                    null,
                    List.of("Authorization=Bearer a=b", "x-scope-orgid = acme"),
                    null,
                    false)
                .headers())
        .isEqualTo(Map.of("authorization", "Bearer a=b", "x-scope-orgid", "acme"));
    for (String wrong : List.of("secret", "a b=secret", "=secret", "x=secret\nY: 1", "é=secret")) {
      assertThatThrownBy(() -> ReplayTarget.of("http://h:4317", null, List.of(wrong), null, false))
          .as(wrong)
          .hasMessageStartingWith("cannot use header: ")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void aFileOfAuthoritiesThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () ->
                ReplayTarget.of(
                    "https://h:4317", null, List.of(), Path.of("no-such-file.crt"), false))
        .hasMessageContaining("cannot read --ca: no-such-file.crt");
  }
}
