package io.sluice.schema.security;

import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.ByteSize;
import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.FileFailure;
import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may call, and what a process shows when it calls. Reads settings, no files.
 *
 * @param file of the tokens; null: all may do all
 * @param serviceTokenFile of the token that services show to each other
 * @param madeHere whether that file is made if it is not there: nobody said where it is
 * @param token that this process shows; null: that of services, if it may read it
 * @param header whether X-Scope-OrgID names the tenant where no tokens are asked for
 * @param insecure whether ports that others reach may be plain, or open to all
 */
public record AccessSettings(
    @Nullable Path file,
    Path serviceTokenFile,
    boolean madeHere,
    @Nullable String token,
    boolean header,
    boolean insecure) {

  private static final Logger LOG = LoggerFactory.getLogger(AccessSettings.class);

  /** In the data directory, made where it is wanted and none is named. */
  public static final String OWN_TOKEN = "service-token";

  private static final String SERVICE_TOKEN = "service.token-file";
  private static final int TOKEN_BYTES = 32;

  /**
   * Reads them; problems stay in the settings.
   *
   * @param data the directory of this box's data
   */
  public static AccessSettings from(Settings settings, Path data) {
    Path file =
        path(
            settings,
            AccessFile.SETTING,
            "none",
            "YAML file with the tokens and what they may do; without it all may do all");
    Path service =
        path(
            settings,
            SERVICE_TOKEN,
            "service-token of data",
            "file with the token that services show to each other; that of the data directory is made when it is not there; all of a cluster need the same");
    String token =
        settings
            .get(
                "token",
                "",
                "that of services",
                text -> Optional.of(text).filter(t -> !t.isEmpty()),
                "the token that a command shows to Writers and admin pages, and `load` to the Acceptor")
            .orElse(null);
    boolean header =
        settings.get(
            "tenants.from-header",
            "false",
            Parsers::bool,
            "whether X-Scope-OrgID names the tenant where no tokens are asked for; else all is of `default`");
    boolean insecure =
        settings.get(
            "insecure",
            "false",
            Parsers::bool,
            "whether ports that other machines reach may be plain, or open to all who reach them");
    return new AccessSettings(
        file,
        service == null ? data.resolve(OWN_TOKEN) : service,
        service == null,
        token,
        header,
        insecure);
  }

  /** How many tenants there may be. */
  public static int tenantsMax(Settings settings) {
    return settings.get(
        "tenants.max",
        "100",
        Parsers.integer(1, 100_000),
        "tenants at most: each has its tables, streams and counters; further ones are refused");
  }

  /** What a tenant may send of which the file says nothing. */
  public static TenantLimits limits(Settings settings) {
    return new TenantLimits(
        settings.get(
            "tenants.records-per-second",
            "0",
            Parsers.integer(0, Integer.MAX_VALUE),
            "records a tenant may send to each Acceptor, unless the access file says otherwise; 0: no limit"),
        settings
            .get(
                "tenants.bytes-per-second",
                "0B",
                ByteSize::parse,
                "the same of bytes, decompressed")
            .bytes());
  }

  /**
   * Adds a problem if somebody from elsewhere could read along, or call unasked.
   *
   * @param services of the Flight and admin ports
   */
  public void requireSafe(Settings settings, BindAddress address, TlsSettings services) {
    require(settings, address, services.serves(), services.clientCertificates(), "tls.certificate");
  }

  /**
   * The same of the OTLP ports.
   *
   * @param otlp their files; null if they are plain
   */
  public void requireSafe(Settings settings, BindAddress address, @Nullable TlsFiles otlp) {
    boolean clients = otlp != null && otlp.authorities() != null;
    require(settings, address, otlp != null, clients, "tls.certificate");
  }

  private void require(
      Settings settings, BindAddress address, boolean tls, boolean clients, String certificate) {
    boolean open = file == null && !clients;
    String lacks =
        tls
            ? "all who reach it may do everything (give %s".formatted(AccessFile.SETTING)
            : open
                ? "connections are plain, and all who reach it may do everything (give %s and %s"
                    .formatted(certificate, AccessFile.SETTING)
                : "connections are plain, and tokens can be read on the way (give %s"
                    .formatted(certificate);
    settings.require(
        insecure || address.isLoopback() || (tls && !open),
        "cannot listen on %s: %s; or say that its network may be trusted: insecure=true, SLUICE_INSECURE=true)"
            .formatted(address, lacks));
  }

  /**
   * Who may call a service.
   *
   * @throws CannotStartException a file cannot be used
   */
  public Access open() throws CannotStartException {
    return file == null ? Access.open(header) : Access.of(file, serviceToken());
  }

  /**
   * What a service shows to the others; null where no tokens are asked for.
   *
   * @throws CannotStartException its file cannot be used
   */
  public @Nullable String shownByService() throws CannotStartException {
    return file == null && madeHere ? null : serviceToken();
  }

  /** What a command shows; null if it has none. */
  public @Nullable String shownByCommand() {
    if (token != null) {
      return token;
    }
    try {
      return read(serviceTokenFile);
    } catch (IOException e) {
      return null; // not of those who may read it, or no tokens are asked for
    }
  }

  /**
   * What a command shows there; null, and that is said, if others could read it on the way.
   *
   * @param tls whether the connection is TLS
   * @param host a name, or an address
   */
  public @Nullable String shownByCommand(boolean tls, String host) {
    String shown = shownByCommand();
    if (shown == null || tls || insecure || Loopback.is(host)) {
      return shown;
    }
    LOG.warn("{}", TokenCredentials.notShown(host));
    return null;
  }

  private String serviceToken() throws CannotStartException {
    try {
      if (madeHere && !Files.exists(serviceTokenFile)) {
        make(serviceTokenFile);
      }
      String read = read(serviceTokenFile);
      PrivateFile.warnIfReadByOthers(SERVICE_TOKEN, serviceTokenFile);
      return read;
    } catch (IOException e) {
      throw new CannotStartException(
          "cannot read %s: %s: %s"
              .formatted(SERVICE_TOKEN, serviceTokenFile, FileFailure.reason(e)),
          e);
    }
  }

  private static String read(Path file) throws IOException {
    String token = Files.readString(file).strip();
    if (!token.matches("[!-~]{16,}")) {
      throw new IOException(
          "it holds no token of at least 16 printable characters (make one: openssl rand -hex 32)");
    }
    return token;
  }

  /** Services that start at the same time make it once: whole, or not at all. */
  private static void make(Path file) throws IOException {
    byte[] token = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(token);
    PrivateDirectory.createParent(file);
    Path written =
        file.resolveSibling(file.getFileName() + "." + HexFormat.of().formatHex(token, 0, 4));
    PrivateFile.create(written, HexFormat.of().formatHex(token) + "\n");
    try {
      Files.createLink(file, written);
    } catch (FileAlreadyExistsException e) {
      // the other was faster
    } finally {
      Files.delete(written);
    }
  }

  private static @Nullable Path path(Settings settings, String key, String shown, String doc) {
    return settings
        .get(key, "", shown, text -> Optional.of(text).filter(t -> !t.isEmpty()), doc)
        .map(Parsers::path)
        .orElse(null);
  }
}
