package io.sluice.writer.serve;

import io.sluice.schema.service.HostPort;
import org.apache.arrow.flight.Location;

/**
 * Where Writers are reached over Flight, and how.
 *
 * @param address of this one, as host:port
 * @param tls whether they speak TLS: all of a cluster do, or none
 */
public record Whereabouts(String address, boolean tls) {

  Location location(HostPort writer) {
    return tls
        ? Location.forGrpcTls(writer.host(), writer.port())
        : Location.forGrpcInsecure(writer.host(), writer.port());
  }
}
