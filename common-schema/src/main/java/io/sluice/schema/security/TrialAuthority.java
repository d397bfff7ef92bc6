package io.sluice.schema.security;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * An authority of one's own, to try TLS with, or for services that only know each other. Its key is
 * in a key store that nobody else may read; the JDK's keytool makes and signs. One thread at a time
 * uses a store.
 */
public final class TrialAuthority {

  private static final String ALIAS = "ca";
  private static final String PASSWORD_VARIABLE = "KEYTOOL_PASSWORD";

  /** What guards the store is who may read the file; keytool wants a password, too. */
  private static final String PASSWORD = "nobody else may read this file";

  private static final String DAYS = "825"; // longer, and some clients refuse it

  /**
   * A certificate and its key.
   *
   * @param certificate PEM, with no chain: the authority signed it
   * @param key PEM, PKCS#8
   */
  public record Issued(String certificate, String key) {}

  private final Path store;

  private TrialAuthority(Path store) {
    this.store = store;
  }

  /** The one whose key is in that file, which is made if it is not there. */
  public static TrialAuthority in(Path store) throws IOException, InterruptedException {
    return in(store, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * The same.
   *
   * @param temporary where it is made, and nothing is left of that
   */
  static TrialAuthority in(Path store, Path temporary) throws IOException, InterruptedException {
    if (!Files.exists(store)) {
      // nobody else may read it, at no time: the directory is its owner's alone
      Path directory = Files.createTempDirectory(temporary, "authority");
      try {
        make(directory.resolve("ca.p12"), store);
      } finally {
        try (Stream<Path> left = Files.list(directory)) {
          for (Path each : left.toList()) {
            Files.delete(each);
          }
        }
        Files.delete(directory);
      }
    }
    return new TrialAuthority(store.toAbsolutePath());
  }

  private static void make(Path made, Path store) throws IOException, InterruptedException {
    new TrialAuthority(made)
        .keytool(
            List.of(
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=Sluice trial authority",
                "-validity",
                "3650",
                "-ext",
                "bc:c=ca:true,pathlen:0",
                "-ext",
                "ku:c=keyCertSign,cRLSign"));
    PrivateFile.restrict(made);
    Files.move(made, store);
  }

  /** Its own certificate, PEM: whoever believes it believes all that it issues. */
  public String certificate() throws IOException {
    try {
      return pem("CERTIFICATE", load().getCertificate(ALIAS).getEncoded());
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  /**
   * A new one, for servers and clients.
   *
   * @param name who it is of
   * @param algorithm EC or RSA
   * @param hosts names and addresses under which it is reached
   */
  public Issued issue(String name, String algorithm, List<String> hosts)
      throws IOException, InterruptedException {
    String alias = "issued-" + name.toLowerCase(java.util.Locale.ROOT);
    List<String> arguments = new ArrayList<>(List.of("-genkeypair", "-alias", alias));
    arguments.addAll(List.of("-keyalg", algorithm, "-signer", ALIAS));
    arguments.addAll(
        algorithm.equals("EC") ? List.of("-groupname", "secp256r1") : List.of("-keysize", "2048"));
    arguments.addAll(List.of("-dname", "CN=" + name, "-validity", DAYS));
    arguments.addAll(List.of("-ext", "eku=serverAuth,clientAuth"));
    if (!hosts.isEmpty()) {
      List<String> names = hosts.stream().map(TrialAuthority::alternative).toList();
      arguments.addAll(List.of("-ext", "san=" + String.join(",", names)));
    }
    forget(alias);
    keytool(arguments);
    try {
      KeyStore keys = load();
      Certificate[] chain = keys.getCertificateChain(alias);
      Issued issued =
          new Issued(
              pem("CERTIFICATE", chain[0].getEncoded()),
              pem("PRIVATE KEY", keys.getKey(alias, PASSWORD.toCharArray()).getEncoded()));
      forget(alias);
      return issued;
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  private void forget(String alias) throws IOException, InterruptedException {
    try {
      if (load().containsAlias(alias)) {
        keytool(List.of("-delete", "-alias", alias));
      }
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  private static String alternative(String host) {
    return (host.matches("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*") ? "ip:" : "dns:") + host;
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private void keytool(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC")); // it ends at once
    command.addAll(arguments);
    command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString()));
    command.addAll(List.of("-storepass:env", PASSWORD_VARIABLE));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put(PASSWORD_VARIABLE, PASSWORD);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("cannot make a certificate: keytool says: " + said.strip());
    }
  }

  private IOException unusable(GeneralSecurityException cause) {
    return new IOException("cannot use the authority in " + store, cause);
  }

  /** Text of a PEM file. */
  public static String pem(String what, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), what);
  }
}
