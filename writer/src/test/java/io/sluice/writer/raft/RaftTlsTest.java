package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.security.Tls;
import io.sluice.schema.security.TlsFile;
import io.sluice.schema.security.TlsFiles;
import io.sluice.schema.security.TrialAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas that know each other by certificates. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class RaftTlsTest {

  @TempDir private Path directory;

  @BeforeEach
  void make() throws Exception {
    TrialAuthority authority = TrialAuthority.in(directory.resolve("ca.p12"));
    Files.writeString(directory.resolve("ca"), authority.certificate());
    TrialAuthority.Issued issued = authority.issue("writers", "EC", List.of("127.0.0.1"));
    Files.writeString(directory.resolve("certificate"), issued.certificate());
    Files.writeString(directory.resolve("key"), issued.key());
  }

  private TlsFile file(String name) {
    return new TlsFile(name, directory.resolve(name));
  }

  @Test
  void replicasSpeakTlsToEachOtherAndToNobodyWithoutACertificate() throws Exception {
    Tls tls = Tls.read(new TlsFiles(file("certificate"), file("key"), file("ca")));
    try (RaftCluster cluster = new RaftCluster(directory, 1L << 30, Duration.ofSeconds(1), tls)) {
      cluster.found();
      for (int i = 1; i <= 20; i++) {
        cluster.append("text " + i);
      }
      for (int i = 0; i < 3; i++) {
        Replica replica = cluster.replica(i);
        replica.await(() -> replica.texts().size() == 20);
      }
      int port = cluster.members().get(0).raft().port();
      assertThat(answer(tls, port)).isPositive();
      Tls nobody = Tls.read(new TlsFiles(null, null, file("ca")));
      assertThatThrownBy(() -> answer(nobody, port)).isInstanceOf(IOException.class);
    }
  }

  /** The first byte that comes of who is there: HTTP/2's settings, or an alert. */
  private static int answer(Tls tls, int port) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) tls.context().getSocketFactory().createSocket("127.0.0.1", port)) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes("US-ASCII"));
      return socket.getInputStream().read() + 1;
    }
  }
}
