package io.sluice.schema.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokenCredentialsTest {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** A call on a connection, as gRPC says what it is. */
  private static final class Call extends CallCredentials.RequestInfo {
    private final SecurityLevel level;
    private final Attributes transport;

    Call(SecurityLevel level, String address) throws Exception {
      this.level = level;
      this.transport =
          Attributes.newBuilder()
              .set(
                  Grpc.TRANSPORT_ATTR_REMOTE_ADDR,
                  new InetSocketAddress(InetAddress.getByName(address), 8815))
              .build();
    }

    @Override
    public MethodDescriptor<?, ?> getMethodDescriptor() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SecurityLevel getSecurityLevel() {
      return level;
    }

    @Override
    public String getAuthority() {
      return "localhost:8815"; // whatever that is
    }

    @Override
    public Attributes getTransportAttrs() {
      return transport;
    }
  }

  private static String shown(boolean anywhere, SecurityLevel level, String address)
      throws Exception {
    Metadata[] applied = new Metadata[1];
    new TokenCredentials("token-of-the-services", anywhere)
        .applyRequestMetadata(
            new Call(level, address),
            Runnable::run,
            new CallCredentials.MetadataApplier() {
              @Override
              public void apply(Metadata headers) {
                applied[0] = headers;
              }

              @Override
              public void fail(Status status) {
                throw status.asRuntimeException();
              }
            });
    return applied[0].get(AUTHORIZATION);
  }

  @Test
  void aTokenIsShownByTlsAndToThisMachine() throws Exception {
    String token = "Bearer token-of-the-services";
    assertThat(shown(false, SecurityLevel.PRIVACY_AND_INTEGRITY, "192.0.2.7")).isEqualTo(token);
    assertThat(shown(false, SecurityLevel.NONE, "127.0.0.1")).isEqualTo(token);
    assertThat(shown(false, SecurityLevel.NONE, "::1")).isEqualTo(token);
    assertThat(shown(true, SecurityLevel.NONE, "192.0.2.7")).isEqualTo(token);
  }

  @Test
  void overAPlainConnectionToAnotherMachineItIsNotWhateverItsNameIs() throws Exception {
    assertThat(shown(false, SecurityLevel.NONE, "192.0.2.7")).isNull();
    assertThat(shown(false, SecurityLevel.INTEGRITY, "192.0.2.7")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, true",
    "LOCALHOST, true",
    "127.0.0.1, true",
    "127.9.9.9, true",
    "::1, true",
    "[::1], true",
    "::ffff:127.0.0.1, true",
    "192.0.2.7, false",
    "0.0.0.0, false",
    "2001:db8::1, false",
    "127.0.0.1.example.com, false",
    "localhost.example.com, false",
    "127.0.0.999, false",
    "fe80::, false",
    "'', false"
  })
  void whatIsThisMachineIsSaidByNobodyElse(String host, boolean is) {
    assertThat(Loopback.is(host)).isEqualTo(is);
  }
}
