/**
 * A port that speaks Flight, as the Writer and the SQL endpoint have it: its threads, and what it
 * takes of connections and their frames. OTLP's port has the like, of gRPC's shaded Netty.
 */
package io.sluice.schema.port;
