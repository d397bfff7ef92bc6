package io.sluice.cli;

import io.sluice.schema.security.PrivateFile;
import io.sluice.schema.security.TrialAuthority;
import io.sluice.schema.service.FileFailure;
import io.sluice.schema.service.Launch;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice certificates}. */
@Command(
    name = "certificates",
    description = {
      "Makes an authority of one's own, once, and a certificate with its key that it signs: to try",
      "TLS with, or for services and tools that only have to know each other. Renew one by naming",
      "it again, with --replace: services take new files while they run.",
      "Exit codes: 0 made, 1 not."
    },
    mixinStandardHelpOptions = true)
final class CertificatesCommand implements Callable<Integer> {

  @Option(
      names = "--dir",
      description = "of ca.crt, ca.p12 (keep it to yourself), NAME.crt, NAME.key",
      defaultValue = "certificates",
      paramLabel = "DIRECTORY")
  private Path directory = Path.of("certificates");

  @Option(
      names = "--host",
      description = "a name or address under which it is reached; may be given again",
      paramLabel = "HOST")
  private List<String> hosts = new ArrayList<>(List.of("localhost", "127.0.0.1", "::1"));

  @Option(names = "--replace", description = "a certificate of that name may be there")
  private boolean replace;

  @Parameters(
      arity = "0..1",
      description = "whose it is; default: ${DEFAULT-VALUE}",
      defaultValue = "sluice",
      paramLabel = "NAME")
  private String name = "sluice";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter errors = spec.commandLine().getErr();
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}") || name.equals("ca")) {
      errors.println("sluice certificates: cannot use name: it is to be of letters, digits, _ . -");
      return Launch.FAILED;
    }
    Path certificate = directory.resolve(name + ".crt");
    Path key = directory.resolve(name + ".key");
    try {
      if (!replace && Files.exists(certificate)) {
        errors.printf("sluice certificates: %s is there (--replace it?)%n", certificate);
        return Launch.FAILED;
      }
      Files.createDirectories(directory);
      TrialAuthority authority = TrialAuthority.in(directory.resolve("ca.p12"));
      TrialAuthority.Issued issued = authority.issue(name, "EC", hosts);
      Path ca = Files.writeString(directory.resolve("ca.crt"), authority.certificate());
      Files.deleteIfExists(key);
      PrivateFile.create(key, issued.key());
      Files.writeString(certificate, issued.certificate());
      out.printf("%s and %s, for %s%n", certificate, key, String.join(", ", hosts));
      out.printf(
          "./sluice up --tls.certificate=%s --tls.key=%s --tls.ca=%s%n", certificate, key, ca);
      return Launch.OK;
    } catch (IOException e) {
      errors.println("sluice certificates: " + FileFailure.sentence(e));
      return Launch.FAILED;
    }
  }
}
