package io.sluice.schema.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that was let in once, and whose authority is taken away. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class TlsSessionsTest {

  @TempDir private Path directory;

  private TlsFile write(String name, String text) throws IOException {
    return new TlsFile(name, Files.writeString(directory.resolve(name), text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aSessionIsNotResumedOnceItsAuthorityIsTakenAway(String protocol) throws Exception {
    TrialAuthority authority = TrialAuthority.in(directory.resolve("ca.p12"));
    TrialAuthority.Issued issued = authority.issue("own", "EC", List.of("127.0.0.1"));
    TlsFile certificate = write("own.crt", issued.certificate());
    TlsFile key = write("own.key", issued.key());
    TlsFile believed = write("believed", authority.certificate());
    Tls server = Tls.read(new TlsFiles(certificate, key, believed));
    SSLContext context = server.context();
    SSLContext client =
        Tls.read(new TlsFiles(certificate, key, write("ca", authority.certificate()))).context();
    try (ServerSocket listener = new ServerSocket(0, 1)) {
      Thread serving = new Thread(() -> serve(listener, context), "serving");
      serving.setDaemon(true);
      serving.start();
      assertThat(connect(client, listener.getLocalPort(), protocol)).isEqualTo(1);
      assertThat(connect(client, listener.getLocalPort(), protocol)).isEqualTo(1);

      TrialAuthority other = TrialAuthority.in(directory.resolve("other.p12"));
      write("believed", other.certificate());
      while (!server.refresh()) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThatThrownBy(() -> connect(client, listener.getLocalPort(), protocol))
          .isInstanceOf(IOException.class);
    }
  }

  /** A byte for each client that is let in. */
  private static void serve(ServerSocket listener, SSLContext context) {
    while (true) {
      try (Socket accepted = listener.accept();
          SSLSocket socket =
              (SSLSocket) context.getSocketFactory().createSocket(accepted, null, 1, true)) {
        socket.setUseClientMode(false);
        socket.setNeedClientAuth(true);
        socket.getOutputStream().write(1);
      } catch (IOException e) {
        if (listener.isClosed()) {
          return;
        }
      }
    }
  }

  private static int connect(SSLContext context, int port, String protocol) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setEnabledProtocols(new String[] {protocol});
      int read = socket.getInputStream().read();
      if (read < 0) {
        throw new IOException("closed");
      }
      return read;
    }
  }
}
