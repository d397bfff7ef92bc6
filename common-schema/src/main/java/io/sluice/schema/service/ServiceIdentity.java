package io.sluice.schema.service;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/** A service process in its own telemetry, by OpenTelemetry's conventions of resources. */
final class ServiceIdentity {

  /**
   * Asks for the machine's name, which may take a while where names are not found.
   *
   * @param name of the service, as in {@code sluice-acceptor}
   */
  static Attributes of(String name) {
    AttributesBuilder attributes =
        Attributes.builder()
            .put("service.name", name)
            .put("service.instance.id", UUID.randomUUID().toString())
            .put("host.name", host());
    String version = ServiceIdentity.class.getPackage().getImplementationVersion();
    return (version == null ? attributes : attributes.put("service.version", version)).build();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) { // a machine that does not know itself
      return "unknown";
    }
  }

  private ServiceIdentity() {}
}
