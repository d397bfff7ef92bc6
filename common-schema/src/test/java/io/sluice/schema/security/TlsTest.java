package io.sluice.schema.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.admin.AdminServer;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.Telemetry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real connections: an admin server and the JDK's clients. */
final class TlsTest {

  private static final int MORE_THAN_THREADS = 80;
  private static final String METRICS = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @TempDir private Path directory;
  private final Telemetry telemetry = new Telemetry("test");
  private AdminServer admin;
  private Certificates.Pem own;

  @BeforeEach
  void make() throws Exception {
    own = Certificates.make(directory, "own", "EC");
  }

  @AfterEach
  void close() {
    if (admin != null) {
      admin.close();
    }
    telemetry.close();
  }

  private Tls serve(TlsFiles files, boolean clientCertificates) throws IOException {
    Tls tls = Tls.read(files);
    admin =
        AdminServer.open(
            telemetry,
            BindAddress.parse("127.0.0.1"),
            0,
            "writer.admin.port",
            new ServerTls(tls, clientCertificates).jetty(),
            AdminServer.Guard.NONE);
    return tls;
  }

  /** Of a client that believes the authority, and shows a certificate or none. */
  private static SSLContext client(TlsFiles files) throws CannotStartException {
    return Tls.read(files).context();
  }

  private static TlsFiles believing(Certificates.Pem pem) {
    return new TlsFiles(null, null, pem.files().authorities());
  }

  private String live(SSLContext context) throws Exception {
    HttpClient http = HttpClient.newBuilder().sslContext(context).build();
    URI page = URI.create("https://127.0.0.1:%d/livez".formatted(admin.port()));
    return http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
        .body()
        .strip();
  }

  private X509Certificate shown(SSLContext context) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", admin.port())) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void aPageIsServedToWhoBelievesTheAuthority(String algorithm) throws Exception {
    Certificates.Pem pem = Certificates.make(directory, "of-" + algorithm, algorithm);
    serve(pem.files(), false);
    assertThat(live(client(believing(pem)))).isEqualTo("live");
    assertThatThrownBy(() -> live(SSLContext.getDefault()))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void whoShowsNoCertificateIsNotLetInWhereOneIsAskedFor() throws Exception {
    serve(own.files(), true);
    assertThat(live(client(own.files()))).isEqualTo("live");
    assertThatThrownBy(() -> live(client(believing(own)))).isInstanceOf(IOException.class);
  }

  @Test
  void aCertificateOfAnotherAuthorityIsNotLetIn() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    TrialAuthority other = TrialAuthority.in(elsewhere.resolve("ca.p12"));
    TrialAuthority.Issued issued = other.issue("other", "EC", List.of("localhost"));
    TlsFiles others =
        new TlsFiles(
            new TlsFile("c", Files.writeString(elsewhere.resolve("c"), issued.certificate())),
            new TlsFile("k", Files.writeString(elsewhere.resolve("k"), issued.key())),
            own.files().authorities());
    serve(own.files(), true);
    assertThatThrownBy(() -> live(client(others))).isInstanceOf(IOException.class);
  }

  @Test
  void whoBeginsAHandshakeAndStaysOrReadsNothingHoldsNoThreadAndIsCutOff() throws Exception {
    serve(own.files(), false);
    SSLContext context = client(believing(own));
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < MORE_THAN_THREADS; i++) {
        Socket begins = new Socket("127.0.0.1", admin.port());
        slow.add(begins);
        begins.setSoTimeout(60_000);
        begins.getOutputStream().write(new byte[] {22, 3, 1, 0, 120, 1, 0}); // of a ClientHello
      }
      for (int i = 0; i < MORE_THAN_THREADS; i++) {
        Socket deaf = new Socket();
        deaf.setReceiveBufferSize(4 << 10);
        deaf.connect(new InetSocketAddress("127.0.0.1", admin.port()));
        SSLSocket tls =
            (SSLSocket) context.getSocketFactory().createSocket(deaf, "127.0.0.1", 0, true);
        slow.add(tls);
        tls.startHandshake();
        tls.getOutputStream().write(METRICS.repeat(200).getBytes(StandardCharsets.US_ASCII));
      }
      for (int i = 0; i < 10; i++) {
        assertThat(live(context)).isEqualTo("live");
      }
      for (Socket begins : slow.subList(0, MORE_THAN_THREADS)) {
        assertThat(begins.getInputStream().readAllBytes()).hasSizeLessThan(100);
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1", "TLSv1.1"})
  void oldProtocolsAreNotSpoken(String protocol) throws Exception {
    serve(own.files(), false);
    SSLContext context = client(believing(own));
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", admin.port())) {
      SSLParameters old = socket.getSSLParameters();
      old.setProtocols(new String[] {protocol});
      socket.setSSLParameters(old);
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void newFilesHoldForNewConnectionsAndBrokenOnesChangeNothing() throws Exception {
    Tls tls = serve(own.files(), false);
    SSLContext context = client(believing(own));
    assertThat(shown(context).getSubjectX500Principal().getName()).isEqualTo("CN=own");
    assertThat(tls.refresh()).isFalse();

    Certificates.Pem next = Certificates.make(directory, "next", "RSA");
    Files.copy(next.certificate(), own.certificate(), StandardCopyOption.REPLACE_EXISTING);
    assertThat(tls.refresh()).isFalse();
    assertThatThrownBy(tls::refresh) // its key is not there yet
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("it is not the key of");
    assertThat(shown(context).getSubjectX500Principal().getName()).isEqualTo("CN=own");

    Files.copy(next.key(), own.key(), StandardCopyOption.REPLACE_EXISTING);
    assertThat(tls.refresh()).isFalse();
    assertThat(tls.refresh()).isTrue();
    assertThat(shown(context).getSubjectX500Principal().getName()).isEqualTo("CN=next");
    assertThat(live(context)).isEqualTo("live");
  }

  /** Cut between certificates it makes sense as far as it is. */
  @Test
  void authoritiesThatAreBeingWrittenAreNotTakenAsFarAsTheyAre() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    TrialAuthority other = TrialAuthority.in(elsewhere.resolve("ca.p12"));
    Path bundle = directory.resolve("bundle.crt");
    String first = other.certificate();
    String both = first + Certificates.authority().certificate();
    Files.writeString(bundle, both);
    TlsFiles own = this.own.files();
    Tls tls =
        serve(new TlsFiles(own.certificate(), own.key(), new TlsFile("tls.ca", bundle)), true);
    SSLContext client = client(own);
    assertThat(live(client)).isEqualTo("live");

    Files.writeString(bundle, first);
    assertThat(tls.refresh()).isFalse();
    assertThat(live(client(own))).isEqualTo("live");
    Files.writeString(bundle, "\n" + both);
    assertThat(tls.refresh()).isFalse();
    assertThat(tls.refresh()).isTrue();
    assertThat(live(client(own))).isEqualTo("live");

    Files.writeString(bundle, first); // by somebody who means it
    assertThat(tls.refresh()).isFalse();
    assertThat(tls.refresh()).isTrue();
    assertThatThrownBy(() -> live(client(own))).isInstanceOf(IOException.class);
  }

  @Test
  void aCertificateIsForWhatItNames() throws Exception {
    TrialAuthority.Issued issued =
        Certificates.authority()
            .issue("named", "EC", List.of("a.example.com", "*.b.example.com", "10.1.2.3", "::1"));
    Path file = Files.writeString(directory.resolve("named.crt"), issued.certificate());
    Path key = Files.writeString(directory.resolve("named.key"), issued.key());
    Tls tls = Tls.read(new TlsFiles(new TlsFile("c", file), new TlsFile("k", key), null));
    for (String host :
        List.of(
            "a.example.com", "A.Example.com", "x.b.example.com", "10.1.2.3", "0:0:0:0:0:0:0:1")) {
      assertThat(tls.isFor(host)).as(host).isTrue();
    }
    for (String host :
        List.of(
            "example.com", "b.example.com", "x.y.b.example.com", "10.1.2.4", "127.0.0.1", "::2")) {
      assertThat(tls.isFor(host)).as(host).isFalse();
    }
  }

  @Test
  void newFilesAreFoundAndCounted() throws Exception {
    Tls tls = serve(own.files(), false);
    SSLContext context = client(believing(own));
    try (Reload reload = new Reload(telemetry, Duration.ofMillis(5))) {
      reload.watch(tls, "services");
      Certificates.Pem next = Certificates.make(directory, "next", "EC");
      Files.copy(next.certificate(), own.certificate(), StandardCopyOption.REPLACE_EXISTING);
      awaitMetric("outcome=\"refused\"");
      Files.copy(next.key(), own.key(), StandardCopyOption.REPLACE_EXISTING);
      awaitMetric("outcome=\"taken\"");
      assertThat(shown(context).getSubjectX500Principal().getName()).isEqualTo("CN=next");
      assertThat(metrics()).contains("sluice_tls_certificate_expiry_seconds{");
    }
  }

  private String metrics() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    telemetry.write(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private void awaitMetric(String label) throws IOException {
    long end = System.nanoTime() + 60_000_000_000L;
    while (metrics()
        .lines()
        .noneMatch(
            l ->
                l.contains("sluice_security_reloads")
                    && l.contains(label)
                    && !l.endsWith(" 0.0"))) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
