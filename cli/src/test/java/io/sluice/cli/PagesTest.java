package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sluice.schema.security.Tls;
import io.sluice.schema.security.TlsFile;
import io.sluice.schema.security.TlsFiles;
import io.sluice.schema.security.TrialAuthority;
import io.sluice.schema.service.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** To whom a command shows its token. */
final class PagesTest {

  private static final String TOKEN = "token-of-the-services";

  @TempDir private Path directory;
  private final BlockingQueue<String> shown = new LinkedBlockingQueue<>();
  private HttpsServer server;

  @AfterEach
  void close() {
    if (server != null) {
      server.stop(0);
    }
  }

  private TlsFile file(String name, String text) throws Exception {
    return new TlsFile(name, Files.writeString(directory.resolve(name), text));
  }

  /** On 127.0.0.1, with a certificate that a believed authority made for that host. */
  private Tls serve(String host) throws Exception {
    TrialAuthority authority = TrialAuthority.in(directory.resolve("ca.p12"));
    TrialAuthority.Issued issued = authority.issue("server", "EC", List.of(host));
    TlsFile ca = file("ca.crt", authority.certificate());
    TlsFiles own = new TlsFiles(file("crt", issued.certificate()), file("key", issued.key()), ca);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(Tls.read(own).context()));
    server.createContext(
        "/",
        exchange -> {
          shown.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return Tls.read(new TlsFiles(null, null, ca));
  }

  private int status(Tls tls, Set<String> names) throws Exception {
    Pages pages = new Pages(tls.context(), names, host -> TOKEN);
    return pages
        .open(pages.at("127.0.0.1:" + server.getAddress().getPort(), "/status"))
        .getResponseCode();
  }

  @Test
  void aServiceWhoseCertificateIsForItsAddressIsShownTheToken() throws Exception {
    assertThat(status(serve("127.0.0.1"), Set.of())).isEqualTo(200);
    assertThat(shown).containsExactly("Bearer " + TOKEN);
  }

  @Test
  void aServiceWhoseCertificateIsForWhatWritersCallsItIsShownTheToken() throws Exception {
    assertThat(status(serve("writer-0.example.com"), Set.of("writer-0.example.com")))
        .isEqualTo(200);
    assertThat(shown).containsExactly("Bearer " + TOKEN);
  }

  @Test
  void whoHasACertificateForAnotherHostIsShownNothing() throws Exception {
    Tls tls = serve("elsewhere.example.com");
    assertThatThrownBy(() -> status(tls, Set.of("writer-0.example.com")))
        .isInstanceOf(IOException.class);
    assertThat(shown).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:4317, '', true",
    "http://localhost:4317, '', true",
    "http://[::1]:4317, '', true",
    "https://collector.example.com:4317, '', true",
    "http://collector.example.com:4317, '', false",
    "http://192.0.2.7:4317, '', false",
    "http://192.0.2.7:4317, --insecure=true, true"
  })
  void anEndpointIsShownTheTokenIfNobodyCanReadAlong(String endpoint, String flag, boolean is)
      throws Exception {
    List<String> flags = new ArrayList<>(List.of("--token=" + TOKEN));
    if (!flag.isEmpty()) {
      flags.add(flag);
    }
    Reach reach = Reach.from(Settings.of(flags, Map.of(), directory));
    assertThat(reach.exporters("shop", URI.create(endpoint)).headers().get("authorization"))
        .isEqualTo(is ? "Bearer " + TOKEN : null);
  }
}
