package io.sluice.acceptor.receive;

import io.sluice.schema.table.Signal;

/**
 * By which door a request came, whose it is, and of what.
 *
 * @param tenant empty as long as it is not let in
 */
record Came(Door door, String tenant, Signal signal) {

  /** Where OTLP comes in. */
  enum Door {
    GRPC("OTLP/gRPC"),
    HTTP("OTLP/HTTP");

    private final String label;

    Door(String label) {
      this.label = label;
    }

    /** As people know it. */
    String label() {
      return label;
    }
  }
}
