package io.sluice.schema.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Settings;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TlsFilesTest {

  @TempDir private Path directory;
  private Certificates.Pem own;

  @BeforeEach
  void make() throws Exception {
    own = Certificates.make(directory, "own", "EC");
  }

  private static TlsIdentity read(Path certificate, Path key) throws CannotStartException {
    TlsFile chain = new TlsFile("otlp.tls.certificate", certificate);
    TlsFile file = new TlsFile("otlp.tls.key", key);
    return TlsIdentity.of(chain, chain.look().text(), file, file.look().text());
  }

  private static void assertRefused(Path certificate, Path key, String... sentence) {
    assertThatThrownBy(() -> read(certificate, key))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContainingAll(sentence);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void chainAndKeyAreReadWhateverIsWrittenAroundThem(String algorithm) throws Exception {
    Certificates.Pem other = Certificates.make(directory, "other", algorithm);
    Path chain = directory.resolve("chain.pem");
    Files.writeString(
        chain,
        "subject=CN = other\n"
            + Files.readString(other.certificate())
            + "\n"
            + Files.readString(own.certificate()));
    TlsIdentity identity = read(chain, other.key());
    assertThat(identity.chain())
        .extracting(certificate -> certificate.getSubjectX500Principal().getName())
        .containsExactly("CN=other", "CN=own");
    assertThat(identity.key().getAlgorithm()).isEqualTo(algorithm);
  }

  @Test
  void nothingIsLeftOfAnAuthorityThatCouldNotBeMade() throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("temporary"));
    Path nowhere = directory.resolve("no-such-directory").resolve("ca.p12");
    assertThatThrownBy(() -> TrialAuthority.in(nowhere, temporary))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void missingFilesAreSaidWithTheirSetting() {
    Path none = directory.resolve("none.pem");
    assertRefused(
        none, own.key(), "cannot read otlp.tls.certificate: " + none, "no such file or directory");
    assertRefused(
        own.certificate(), none, "cannot read otlp.tls.key: " + none, "no such file or directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void keyOfAnotherCertificateIsRefused(String algorithm) throws Exception {
    Certificates.Pem other = Certificates.make(directory, "other", algorithm);
    assertRefused(own.certificate(), other.key(), "it is not the key of " + own.certificate());
  }

  @Test
  void whatIsNoCertificateOrNoKeyIsSaidWithWhatToDo() throws Exception {
    assertRefused(own.key(), own.key(), "no certificate is in it (write it as PEM");
    assertRefused(own.certificate(), own.certificate(), "openssl pkcs8 -topk8 -nodes");
    Path pkcs1 = directory.resolve("pkcs1.pem");
    Files.writeString(pkcs1, TrialAuthority.pem("RSA PRIVATE KEY", new byte[100]));
    assertRefused(own.certificate(), pkcs1, "no private key", "openssl pkcs8 -topk8 -nodes");
    Path garbage = directory.resolve("garbage.pem");
    Files.writeString(garbage, TrialAuthority.pem("PRIVATE KEY", new byte[100]));
    assertRefused(own.certificate(), garbage, "it is not the key of");
    Path empty = Files.createFile(directory.resolve("empty.pem"));
    assertRefused(empty, own.key(), "no certificate is in it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"certificate", "key"})
  void oneWithoutTheOtherIsASentence(String which) {
    Settings settings =
        Settings.of(List.of("--otlp.tls." + which + "=x.pem"), Map.of(), Path.of("none"));
    TlsSettings.otlp(settings, TlsSettings.from(settings));
    assertThatThrownBy(settings::check)
        .isInstanceOfSatisfying(
            InvalidSettingsException.class,
            e ->
                assertThat(e.problems())
                    .singleElement()
                    .asString()
                    .matches("cannot use otlp.tls.\\w+ without otlp.tls.\\w+ \\(give both.*")
                    .contains("use otlp.tls." + which + " without"));
  }
}
